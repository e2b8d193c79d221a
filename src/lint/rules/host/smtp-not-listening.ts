import { parseAddress } from '../../../net/address.ts';
import type { Host } from '../../host.ts';
import type { FileModel } from '../../model/index.ts';
import { hostRule } from '../../rule.ts';
import { instance } from './example.ts';
import { ownAddresses } from './interfaces.ts';
import { wordsOf } from './walk.ts';

const mail = (server: string) =>
  instance({
    above: `global_defs {
    notification_email {
        admin@example.org
    }
    smtp_server ${server}
}`,
  });

/** keepalived.conf(5): smtp_server. */
export const smtpNotListening = hostRule({
  name: 'host/smtp-not-listening',
  level: 'warn',
  summary: 'Mail goes to this machine, and nothing here takes it',
  details: `\`smtp_server 127.0.0.1\` stands in many files, and a director often has no mail server. keepalived then tries to
connect at every change, fails, and logs that; no mail ever comes, which is noticed when one was waited for. Whether a server
on another machine takes mail from here is not tried: no packet is sent. A name that is not an address is not looked up.`,
  keepalived: 'logs',
  exampleHost: { isListening: () => false },
  bad: mail('127.0.0.1 25'),
  good: mail('198.51.100.25 25'),
  check: (file, host, report) => {
    const given = file.globals.last('smtp_server');
    const [server = '', port = '25'] = given === undefined ? [] : wordsOf(given);
    if (given === undefined || !isHere(file, host, server)) return;
    if (host.isListening?.(Number(port)) !== false) return;
    report({
      at: given.span,
      message: `smtp_server is this machine, and nothing here takes connections at port ${port}: no mail will be sent`,
      help: 'install a mail server, or write the address of one',
    });
  },
});

function isHere(file: FileModel, host: Host, server: string): boolean {
  if (server === 'localhost' || server.startsWith('127.') || server === '::1') return true;
  const address = parseAddress(server);
  if (address === undefined) return false;
  return host.interfaces.some((found) => ownAddresses(file, found).some((own) => own.address === address));
}
