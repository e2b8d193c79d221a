/** keepalived.conf(5): global_defs: arguments of the keywords about mail. */
import { type Argument, integer } from './arguments.ts';
import { severalOf } from './name-list.ts';

export interface MailServer {
  /** An address, or a name that is looked up. */
  readonly host: string;
  readonly port?: number;
}

const port = integer(1, 65_535);

/** `HOST [PORT]`. */
export const mailServer: Argument<MailServer> = {
  expects: 'a host, by address or name, and a port from 1 to 65535 if it is not 25',
  syntax: '<host> [<port>]',
  samples: {
    good: ['192.0.2.25', '192.0.2.25 587', 'mail.example.org', '2001:db8::25 25'],
    bad: ['', 'mail.example.org x', 'mail.example.org 0', 'mail.example.org 65536'],
  },
  parse: ([host, portWord]) => {
    if (host === undefined) return { ok: false };
    if (portWord === undefined) return { ok: true, value: { host: host.value }, used: 1 };
    const result = port.parse([portWord]);
    if (!result.ok) return { ok: false, word: portWord, expects: 'a host with a port from 1 to 65535' };
    return { ok: true, value: { host: host.value, port: result.value }, used: 2 };
  },
};

/** Who gets or sends mail. A name without "@" is one of this host. */
export const mailAddress: Argument<string> = {
  expects: 'a mail address',
  syntax: '<address>',
  samples: {
    good: ['ops@example.org', 'root'],
    bad: ['', 'ops@example.org and-more', '"two words"', 'ops@'],
  },
  parse: ([word]) => {
    if (word === undefined) return { ok: false };
    return /^[^\s@]+(@[^\s@]+)?$/.test(word.value)
      ? { ok: true, value: word.value, used: 1 }
      : { ok: false, word };
  },
};

/** Each word of a line of notification_email. */
export const mailAddresses = severalOf(mailAddress, {
  good: ['ops@example.org', 'ops@example.org root'],
  bad: ['', 'ops@', '"two words"'],
});
