/** Hands mails to a mail server, over plain SMTP as keepalived does: no encryption, no password. */
import { hostname, userInfo } from 'node:os';
import type { MailConfig } from '../../../config-parser/config.ts';
import type { Mail } from '../../../notify/index.ts';

export interface DatedMail extends Mail {
  /** When it happened, which is not when the server takes it. */
  readonly date: Date;
}

/** What the server took. `refused` are those recipients that it does not take mail for. */
export interface SentMail {
  readonly refused: readonly string[];
}

export interface MailSender {
  /** Rejects with the server's answer or the system's error; `isRefusal` says whether trying again could help. */
  send(config: MailConfig, mail: DatedMail): Promise<SentMail>;
  /** Ends the connection, if there is one. A later `send` opens another. */
  close(): void;
}

type Transport = Awaited<ReturnType<typeof openTransport>>;

/** One connection at a time; mails that follow each other go over the same one. */
export class SmtpSender implements MailSender {
  #transport: { readonly key: string; readonly transport: Transport } | undefined;

  async send(config: MailConfig, mail: DatedMail): Promise<SentMail> {
    const transport = await this.#transportTo(config);
    const from = config.from === '' ? defaultSender() : config.from;
    const to = [...config.to];
    const { rejected } = await transport.sendMail({
      from,
      to,
      // As written: keepalived takes names without a domain, which a parser of addresses would drop.
      envelope: { from, to },
      subject: mail.subject,
      text: `${mail.body}\n`,
      date: mail.date,
      xMailer: 'holdfast',
    });
    return { refused: rejected };
  }

  close(): void {
    this.#transport?.transport.close();
    this.#transport = undefined;
  }

  async #transportTo(config: MailConfig): Promise<Transport> {
    const key = JSON.stringify([config.server, config.port, config.heloName, config.connectTimeoutMs]);
    if (this.#transport?.key === key) return this.#transport.transport;
    const transport = await openTransport(config);
    this.close();
    this.#transport = { key, transport };
    return transport;
  }
}

/** Exim, which Debian brings, puts the mails after the tenth of a connection aside until it next looks through its queue. */
const mailsPerConnection = 10;

/** A connection that nobody uses any more is ended politely after this. */
const idleMs = 1000;

async function openTransport({ server, port, heloName, connectTimeoutMs }: MailConfig) {
  // Loaded with the first mail: where nobody is written to it costs nothing.
  const { createTransport } = await import('nodemailer');
  return createTransport({
    pool: true,
    maxConnections: 1,
    maxMessages: mailsPerConnection,
    // Whoever calls tries again.
    maxRequeues: 0,
    idleTimeout: idleMs,
    host: server,
    port,
    name: heloName ?? hostname(),
    secure: false,
    ignoreTLS: true,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: connectTimeoutMs,
    dnsTimeout: connectTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** keepalived.conf(5): notification_email_from. */
function defaultSender(): string {
  return `${userInfo().username}@${hostname()}`;
}

/** The server understood this very mail and will never take it (RFC 5321 section 4.2.1: 5yz). */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('responseCode' in error) || !('command' in error)) return false;
  const isAboutMail =
    error.command === 'MAIL FROM' || error.command === 'RCPT TO' || error.command === 'DATA';
  return isAboutMail && typeof error.responseCode === 'number' && error.responseCode >= 500;
}
