/** Entry of the script process: the supervisor's messages in, trackers and notifications at work, one exit. */
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { nowMs } from '../../kernel/clock.ts';
import { onSupervisorMessage, onTerminate, sendToSupervisor } from '../child-channel.ts';
import { ChildLog } from '../child-log.ts';
import { CommandRunner } from '../commands/index.ts';
import type { LogRecord, SupervisorMessage } from '../ipc.ts';
import { Notifier } from './notify/index.ts';
import { Trackers } from './trackers.ts';

type Configure = Extract<SupervisorMessage, { kind: 'configure' }>;

/** What a track script has to end by itself when we stop; its result is of use to nobody then. */
const lastScriptMs = 500;
const lastWordsMs = 200;

process.title = 'holdfast_script';

const childLog = new ChildLog();
const log = (record: LogRecord) => childLog.record(record);
let runner: CommandRunner | undefined;
let trackers: Trackers | undefined;
let notifier: Notifier | undefined;
let keepsOutput = false;
let isStopping = false;

onTerminate(() => void stop());
onSupervisorMessage((message) => void handle(message));

async function handle(message: SupervisorMessage): Promise<void> {
  if (message.kind === 'stop') return stop();
  if (isStopping) return;
  if (message.kind === 'notify') notifier?.notify(message.events);
  else if (message.kind === 'configure') await configure(message);
}

async function configure({ config, options }: Configure): Promise<void> {
  const security = config.globalDefs.notify.scripts;
  keepsOutput = options.logDetail;
  if (runner === undefined) runner = new CommandRunner(security, { log });
  else runner.configure(security);
  notifier ??= new Notifier({ runner, log });
  trackers ??= new Trackers({
    runner,
    nowMs,
    log,
    tell: (readings) => sendToSupervisor({ kind: 'trackers', readings }),
    keepsOutput: () => keepsOutput,
  });
  trackers.configure(config);
  await notifier.configure(config);
  sendToSupervisor({ kind: 'configured' });
}

/** Asked twice, by signal and by message, does it once. */
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await Promise.all([stopTrackers(), notifier?.stop()]);
  await Promise.race([childLog.flush(), setTimeout(lastWordsMs)]);
  process.exit(0);
}

async function stopTrackers(): Promise<void> {
  const ended = trackers?.stop();
  await Promise.race([ended, setTimeout(lastScriptMs)]);
  trackers?.kill();
}
