/**
 * Tells people and programs what happens to instances and groups: scripts, named pipes, mail. What is told, and in which order, is
 * decided in `src/notify/`.
 */
import { hostname } from 'node:os';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type {
  CommandConfig,
  GlobalDefs,
  NotifyConfig,
  SyncGroupConfig,
  VrrpInstanceConfig,
} from '../../../config-parser/config.ts';
import { noNotifications } from '../../../config-parser/config-notify.ts';
import { type NotifyAction, type NotifyEvent, notificationsFor, subjectKey } from '../../../notify/index.ts';
import type { Accounts, CommandRunner } from '../../commands/index.ts';
import type { LogRecord } from '../../ipc.ts';
import { MailQueue, mailQueueLimits } from './mail-queue.ts';
import { NamedPipes } from './named-pipes.ts';
import { howItEnded } from './pipe-reader.ts';
import { ScriptsInOrder } from './scripts-in-order.ts';
import { type MailSender, SmtpSender } from './send-by-smtp.ts';

export interface NotifierPorts {
  readonly runner: Pick<CommandRunner, 'run'>;
  readonly log: (record: LogRecord) => void;
  readonly sender?: MailSender;
  readonly accounts?: () => Accounts;
}

/** What of a Config it goes by. */
export interface NotifierConfig {
  readonly globalDefs: Pick<GlobalDefs, 'routerId' | 'notify'>;
  readonly vrrpInstances: readonly Pick<VrrpInstanceConfig, 'name' | 'notify'>[];
  readonly syncGroups: readonly Pick<SyncGroupConfig, 'name' | 'notify'>[];
}

interface ScriptJob {
  readonly command: CommandConfig;
  readonly arguments: readonly string[];
  readonly isLast: boolean;
  /** `instance VI_1`. */
  readonly about: string;
}

/** As keepalived has it for a script that is told STOP. */
const lastScriptMs = 1000;
/** With that, what the whole end may take. */
const allowanceMs = 1500;
/** Instances that are in no configuration any more, of which something may still be told. */
const mostDeparted = 1000;

const nowMs = () => performance.now();

export class Notifier {
  readonly #ports: NotifierPorts;
  readonly #scripts: ScriptsInOrder<ScriptJob>;
  readonly #pipes: NamedPipes;
  readonly #mails: MailQueue;
  #config: NotifierConfig | undefined;
  /** By `subjectKey`. */
  #told: ReadonlyMap<string, NotifyConfig> = new Map();
  /** A deleted instance is told of when the new configuration, which does not have it, is here already. */
  readonly #departed = new Map<string, NotifyConfig>();
  readonly #lastMailed = new Map<string, NotifyEvent['state']>();
  /** Pipes take a moment to be made; what is told meanwhile waits, in order. */
  #ready: Promise<void> = Promise.resolve();

  constructor(ports: NotifierPorts) {
    this.#ports = ports;
    this.#scripts = new ScriptsInOrder({
      run: (job) => this.#run(job),
      onOvertaken: ({ job, afterMs, waiting }) => this.#logOvertaken(job, afterMs, waiting),
      nowMs,
    });
    this.#pipes = new NamedPipes({ ...ports, nowMs });
    this.#mails = new MailQueue({
      ...mailQueueLimits,
      sender: ports.sender ?? new SmtpSender(),
      log: ports.log,
      now: () => new Date(),
    });
  }

  /** The first time and at every reload. Resolves when what is told from then on goes by `config`; never rejects. */
  configure(config: NotifierConfig): Promise<void> {
    this.#ready = this.#ready.then(() => this.#apply(config));
    return this.#ready;
  }

  /** In the order of the events. Waits for nothing. */
  notify(events: readonly NotifyEvent[]): void {
    this.#ready = this.#ready.then(async () => {
      for (const event of events) {
        this.#tell(event);
        // Starting a program takes milliseconds: with hundreds of instances, trackers must have their turn in between.
        await setImmediate();
      }
    });
  }

  /**
   * After what was told before: scripts that hear STOP have a second, mails that wait one more try. Resolves within 1.5 s and what
   * the readers of pipes take to end, at most 2 s more. Scripts that still run then run on.
   */
  async stop(): Promise<void> {
    await this.#ready;
    const ended = new AbortController();
    const expired = setTimeout(allowanceMs, undefined, { signal: ended.signal }).catch(() => {});
    await Promise.all([this.#endScripts(expired), this.#mails.stop(expired)]);
    ended.abort();
    await this.#pipes.stop();
  }

  /** Lines that did not fit into a named pipe. */
  get lostLines(): number {
    return this.#pipes.lostLines;
  }

  async #apply(config: NotifierConfig): Promise<void> {
    const told = notifyConfigs(config);
    for (const [key, notify] of this.#told) if (!told.has(key)) this.#departed.set(key, notify);
    for (const key of this.#departed.keys()) {
      if (told.has(key) || this.#departed.size > mostDeparted) this.#departed.delete(key);
    }
    this.#told = told;
    this.#config = config;
    const { fifos, mail, scripts } = config.globalDefs.notify;
    this.#mails.configure(mail);
    await this.#pipes.configure(fifos, scripts);
  }

  #tell(event: NotifyEvent): void {
    if (this.#config === undefined) return;
    const { routerId = hostname(), notify: globals } = this.#config.globalDefs;
    const key = subjectKey(event);
    const settings = {
      notify: this.#told.get(key) ?? this.#departed.get(key) ?? noNotifications,
      fifos: globals.fifos,
      routerId,
      mail: globals.mail,
      lastMailedState: this.#lastMailed.get(key),
    };
    for (const action of notificationsFor(settings, event)) this.#perform(key, event, action);
    if (event.state !== 'DELETED') return;
    this.#departed.delete(key);
    this.#lastMailed.delete(key);
  }

  #perform(key: string, event: NotifyEvent, action: NotifyAction): void {
    switch (action.kind) {
      case 'runScript':
        this.#scripts.add(key, { ...action, about: key });
        break;
      case 'writeLine':
        this.#pipes.write(action.path, action.line);
        break;
      case 'sendMail':
        // Servers come and go, and are told of when they change only.
        if (event.kind === 'instance' || event.kind === 'group') this.#lastMailed.set(key, event.state);
        this.#mails.add(action.mail);
    }
  }

  async #run(job: ScriptJob): Promise<void> {
    const { finished } = this.#ports.runner.run(job.command, `notify script of ${job.about}`, {
      extraArguments: job.arguments,
      ...(job.isLast && { timeoutMs: lastScriptMs }),
    });
    const result = await finished;
    // What could not be started has been said by the runner.
    if (result.kind === 'not-started' || (result.kind === 'exited' && result.status === 0)) return;
    this.#ports.log({ level: 'warning', message: `${describeJob(job)} ${howItEnded(result)}` });
  }

  #logOvertaken(job: ScriptJob, afterMs: number, waiting: number): void {
    const seconds = Math.round(afterMs / 1000);
    const message = `${describeJob(job)} still runs after ${seconds} s: the next one is started beside it (${waiting} waited)`;
    this.#ports.log({ level: 'warning', message });
  }

  async #endScripts(expired: Promise<void>): Promise<void> {
    this.#scripts.hurry(lastScriptMs);
    await Promise.race([this.#scripts.whenIdle(), expired]);
    // None is dropped: those that had no turn yet start now.
    this.#scripts.hurry(0);
  }
}

function notifyConfigs(config: NotifierConfig): ReadonlyMap<string, NotifyConfig> {
  return new Map([
    ...config.vrrpInstances.map(
      ({ name, notify }) => [subjectKey({ kind: 'instance', name }), notify] as const,
    ),
    ...config.syncGroups.map(({ name, notify }) => [subjectKey({ kind: 'group', name }), notify] as const),
  ]);
}

function describeJob({ command, arguments: extra, about }: ScriptJob): string {
  return `Notify script "${[...command.argv, ...extra].join(' ')}" of ${about}`;
}
