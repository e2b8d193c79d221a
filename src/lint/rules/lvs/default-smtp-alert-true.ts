import type { FileModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { realServersOf } from './checkers.ts';
import { counted, Places } from './places.ts';

/** keepalived.conf(5): smtp_alert. */
export const defaultSmtpAlertTrue = fileRule({
  name: 'lvs/default-smtp-alert-true',
  level: 'info',
  summary: 'Real servers send mail although nobody asked them to',
  details: `\`smtp_alert\` is off for virtual routers and for virtual servers unless it is written. For real servers it is on:
once \`notification_email\` is given, each change of each server sends a mail. In a large farm a switch that fails then sends
hundreds of mails. Write \`smtp_alert on\` or \`smtp_alert off\` in \`global_defs\`, \`smtp_alert_checker\` if only servers are meant,
or \`smtp_alert\` in the servers that matter.`,
  keepalived: 'silent',
  bad: `global_defs {
    notification_email {
        ops@example.com
    }
    smtp_server 192.0.2.25
}
virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  good: `global_defs {
    notification_email {
        ops@example.com
    }
    smtp_server 192.0.2.25
    smtp_alert_checker on
}
virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  check: ({ virtualServers, globals }, report) => {
    if (!sendsMailUnasked(globals)) return;
    const places = new Places();
    for (const server of realServersOf(virtualServers)) {
      if (server.checkers.length === 0) continue;
      if (server.values.has('smtp_alert') || server.virtualServer.values.has('smtp_alert')) continue;
      places.add(server);
    }
    if (places.count === 0) return;
    report({
      at: places.first,
      message: `nothing says smtp_alert, which is on for real servers: every change of ${counted(places.count, 'real server')} sends a mail`,
      help: 'write "smtp_alert_checker on" or "smtp_alert_checker off" in global_defs',
      notes: places.notes,
    });
  },
});

/** True where there is somebody to send mail to, and nothing that is said of mail concerns all servers. */
function sendsMailUnasked(globals: FileModel['globals']): boolean {
  if (globals.entries('notification_email').length === 0) return false;
  if (globals.value('no_checker_emails') === true) return false;
  return !globals.has('smtp_alert') && !globals.has('smtp_alert_checker');
}
