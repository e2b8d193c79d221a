/** keepalived.conf(5): global_defs, as far as it concerns mail. */
import { flag, nothing, onOff, text } from './arguments.ts';
import { secondsAboveZero } from './clamped.ts';
import { mailAddress, mailAddresses, mailServer } from './mail-arguments.ts';
import { acts, defineList } from './schema.ts';

export const mail = {
  notification_email: acts(nothing, 'Who gets mail about changes of state', {
    block: defineList('a line of notification_email', mailAddresses),
    repeatable: true,
  }),
  notification_email_from: acts(
    mailAddress,
    'Sender of that mail. Without it, the user that the daemon runs as, at the name of this host',
  ),
  smtp_server: acts(
    mailServer,
    'Where mail is handed over, without encryption and without a password. The port is 25 unless one is given',
  ),
  smtp_helo_name: acts(
    text,
    'Name that this host gives itself to the mail server. Without it, the name of the host',
  ),
  smtp_connect_timeout: acts(
    secondsAboveZero(0.000001, 4294.967295),
    'Seconds after which a mail server that does not answer is given up',
    { default: '30' },
  ),
  smtp_alert: acts(
    onOff,
    'Mail for everything that has no smtp_alert of its own. Where nothing is said at all, only real servers send mail',
  ),
  smtp_alert_vrrp: acts(onOff, 'Mail for instances and sync groups that have no smtp_alert of their own'),
  smtp_alert_checker: acts(
    onOff,
    'Mail for virtual servers and real servers that have no smtp_alert of their own',
  ),
  checker_log_all_failures: acts(
    onOff,
    'Log every check that fails, not only those after which a server is taken out',
    { default: 'off' },
  ),
  no_email_faults: acts(flag, 'No mail when an instance goes to Fault'),
  no_checker_emails: acts(onOff, 'No mail when a check changes a server', { default: 'off' }),
};
