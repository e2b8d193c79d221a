/**
 * Mails that wait for the mail server: one connection at a time, in order, tried again until the server takes them. keepalived opens
 * a connection for each mail at once and drops a mail whose connection fails, which is what happens while the network changes.
 */
import pRetry from 'p-retry';
import type { MailConfig } from '../../../config-parser/config.ts';
import type { Mail } from '../../../notify/index.ts';
import type { LogRecord } from '../../ipc.ts';
import { type DatedMail, isRefusal, type MailSender } from './send-by-smtp.ts';

export interface MailQueuePorts {
  readonly sender: MailSender;
  readonly log: (record: LogRecord) => void;
  /** Wall clock: the date of a mail is when its event happened. */
  readonly now: () => Date;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** What waits beyond that goes, the oldest first. */
  readonly limit: number;
  /** A mail that is older is given up. */
  readonly giveUpAfterMs: number;
}

export const mailQueueLimits = {
  firstRetryMs: 1000,
  longestRetryMs: 60_000,
  limit: 1000,
  giveUpAfterMs: 24 * 3_600_000,
} as const;

interface Outage {
  readonly sinceMs: number;
  dropped: number;
}

export class MailQueue {
  readonly #ports: MailQueuePorts;
  readonly #idle: (() => void)[] = [];
  #config: MailConfig | undefined;
  #current: DatedMail | undefined;
  #waiting: DatedMail[] = [];
  #outage: Outage | undefined;
  /** Recipients that were said to be refused. */
  readonly #refused = new Set<string>();
  #isStopped = false;
  /** Ends the pause before the next try. */
  #interruption = new AbortController();

  constructor(ports: MailQueuePorts) {
    this.#ports = ports;
  }

  /** Undefined: nobody can be written to, and what waits is dropped. What waits goes to the new server. */
  configure(config: MailConfig | undefined): void {
    this.#config = config;
    this.#refused.clear();
    if (config === undefined) this.#dropAll('no mail server is configured any more');
    this.#interrupt();
  }

  add(mail: Mail): void {
    if (this.#config === undefined || this.#isStopped) return;
    if (this.#waiting.length >= this.#ports.limit) this.#dropOldest();
    this.#waiting.push({ ...mail, date: this.#ports.now() });
    if (this.#current === undefined) void this.#sendAll();
  }

  /** What has not been taken yet. */
  get length(): number {
    return this.#waiting.length + (this.#current === undefined ? 0 : 1);
  }

  /** Gives what waits until `expired` resolves, without pauses for a server that does not answer; what is left is lost. */
  async stop(expired: Promise<void>): Promise<void> {
    const idle = this.length === 0 ? undefined : new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#interrupt();
    if (idle !== undefined) await Promise.race([idle, expired]);
    this.#isStopped = true;
    this.#dropAll('the daemon ends');
    this.#interrupt();
    this.#ports.sender.close();
  }

  async #sendAll(): Promise<void> {
    for (let mail = this.#waiting.shift(); mail !== undefined; mail = this.#waiting.shift()) {
      this.#current = mail;
      await this.#sendUntilTaken(mail);
    }
    this.#current = undefined;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Resolves also when the mail was given up. Begins again, without a pause, after each interruption. */
  async #sendUntilTaken(mail: DatedMail): Promise<void> {
    let isDone = false;
    while (!isDone && !this.#isStopped && this.#config !== undefined) {
      const { signal } = this.#interruption;
      const ageMs = this.#ports.now().getTime() - mail.date.getTime();
      try {
        await pRetry(
          async () => {
            isDone = await this.#sendOnce(mail);
          },
          {
            retries: Number.POSITIVE_INFINITY,
            minTimeout: this.#ports.firstRetryMs,
            maxTimeout: this.#ports.longestRetryMs,
            maxRetryTime: Math.max(0, this.#ports.giveUpAfterMs - ageMs),
            unref: true,
            signal,
            onFailedAttempt: ({ error }) => {
              // An interruption is no failure of the server's.
              if (!signal.aborted) this.#failed(error);
            },
            shouldRetry: ({ error }) => !isRefusal(error),
          },
        );
      } catch (error) {
        if (signal.aborted) continue;
        this.#gaveUp(mail, error);
        return;
      }
    }
  }

  /** True, also where there is nobody left to send to: nothing more is to be done about the mail. */
  async #sendOnce(mail: DatedMail): Promise<true> {
    const config = this.#config;
    if (config === undefined) return true;
    const { refused } = await this.#ports.sender.send(config, mail);
    this.#taken(config);
    for (const recipient of refused) this.#noteRefused(config, recipient);
    return true;
  }

  /** Once for each until the next configuration. */
  #noteRefused(config: MailConfig, recipient: string): void {
    if (this.#refused.has(recipient)) return;
    this.#refused.add(recipient);
    this.#log(
      'warning',
      `Mail server ${nameOf(config)} takes no mail for ${recipient}; the others get theirs`,
    );
  }

  #taken(config: MailConfig): void {
    this.#ports.log({ level: 'info', message: 'SMTP alert successfully sent.', detail: true });
    const outage = this.#outage;
    if (outage === undefined) return;
    this.#outage = undefined;
    const seconds = Math.round((this.#ports.now().getTime() - outage.sinceMs) / 1000);
    const dropped = outage.dropped > 0 ? `; ${outage.dropped} older ones were dropped` : '';
    const waited = `${mails(this.#waiting.length + 1)} waited${dropped}`;
    this.#log('notice', `Mail server ${nameOf(config)} takes mail again after ${seconds} s: ${waited}`);
  }

  #failed(error: Error): void {
    if (this.#outage !== undefined || this.#config === undefined || isRefusal(error)) return;
    this.#outage = { sinceMs: this.#ports.now().getTime(), dropped: 0 };
    const seconds = this.#ports.longestRetryMs / 1000;
    this.#log(
      'warning',
      `Mail server ${nameOf(this.#config)} takes no mail (${error.message}): ${waits(this.length)}, tried again at least every ${seconds} s`,
    );
  }

  #gaveUp(mail: DatedMail, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#log('error', `Mail "${mail.subject}" is dropped: ${reason}`);
  }

  #dropOldest(): void {
    this.#waiting.shift();
    if (this.#outage === undefined) this.#outage = { sinceMs: this.#ports.now().getTime(), dropped: 0 };
    this.#outage.dropped += 1;
    if (this.#outage.dropped > 1) return;
    this.#log(
      'warning',
      `More than ${mails(this.#ports.limit)} wait for the mail server: the oldest are dropped`,
    );
  }

  #dropAll(reason: string): void {
    const lost = this.length;
    this.#waiting = [];
    this.#outage = undefined;
    if (lost > 0) this.#log('warning', `${mails(lost)} could not be sent and will not be: ${reason}`);
  }

  #interrupt(): void {
    this.#interruption.abort();
    this.#interruption = new AbortController();
  }

  #log(level: LogRecord['level'], message: string): void {
    this.#ports.log({ level, message });
  }
}

function nameOf({ server, port }: MailConfig): string {
  return server.includes(':') ? `[${server}]:${port}` : `${server}:${port}`;
}

function mails(count: number): string {
  return count === 1 ? '1 mail' : `${count} mails`;
}

function waits(count: number): string {
  return count === 1 ? '1 mail waits' : `${count} mails wait`;
}
