/** Entry of the bfd process: the supervisor's messages in, BfdProcess at work, one exit. */
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { ProcessTuner } from '../../kernel/process-tuning.ts';
import { onSupervisorMessage, onTerminate, sendToSupervisor } from '../child-channel.ts';
import { ChildLog } from '../child-log.ts';
import type { SupervisorMessage } from '../ipc.ts';
import { BfdProcess } from './bfd-process.ts';

/** The supervisor may have died or be stuck; what it did not take by then is lost. */
const lastWordsMs = 200;

process.title = 'holdfast_bfd';

const log = new ChildLog();
const bfd = new BfdProcess({
  log: (record) => log.record(record),
  reportReadings: (readings) => sendToSupervisor({ kind: 'trackers', readings }),
  random32: () => randomBytes(4).readUInt32BE(),
});
const tuner = new ProcessTuner('bfd', (message) => log.write('warning', message));
let isStopping = false;

onTerminate(() => void stop());
onSupervisorMessage(handle);

function handle(message: SupervisorMessage): void {
  if (message.kind === 'stop') {
    void stop();
    return;
  }
  if (message.kind === 'trackers') bfd.inherit(message.readings);
  if (isStopping || message.kind !== 'configure') return;
  const { trackers, globalDefs } = message.config;
  for (const { message: refusal } of tuner.apply(globalDefs.processes.bfd)) log.write('warning', refusal);
  bfd.configure(trackers.bfds);
  sendToSupervisor({ kind: 'configured' });
}

/** Asked twice, by signal and by message, does it once. */
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await bfd.stop();
  await Promise.race([log.flush(), setTimeout(lastWordsMs)]);
  process.exit();
}
