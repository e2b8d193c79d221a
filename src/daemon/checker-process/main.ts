/** Entry of the checker process: the supervisor's messages in, CheckerProcess at work, one exit. */
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { probeOf } from '../../healthcheck/probes/index.ts';
import { openIpvsClient } from '../../kernel/ipvs-client.ts';
import { onSupervisorMessage, onTerminate, sendToSupervisor } from '../child-channel.ts';
import { ChildLog } from '../child-log.ts';
import type { SupervisorMessage } from '../ipc.ts';
import { CheckerProcess } from './checker-process.ts';
import { waitUntil } from './wait-until.ts';

/** Bounds of the end, together below the 2 s in which the whole daemon stops. */
const releaseMs = 1300;
const lastWordsMs = 200;

process.title = 'holdfast_checkers';

const log = new ChildLog();
const checkers = new CheckerProcess({
  openClient: () => openIpvsClient(),
  nowMs: () => performance.now(),
  waitUntil,
  random: Math.random,
  probeOf,
  log: (record) => log.record(record),
  reportOwned: (services) => sendToSupervisor({ kind: 'owned', services }),
});
let isStopping = false;

onTerminate(() => void stop());
onSupervisorMessage((message) => void handle(message));

async function handle(message: SupervisorMessage): Promise<void> {
  if (message.kind === 'stop') return stop();
  // The rest is for other children.
  if (isStopping || message.kind !== 'configure') return;
  await checkers.configure(message);
  sendToSupervisor({ kind: 'configured' });
}

/** Asked twice, by signal and by message, does it once. Exits 0 when everything of ours was released. */
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  const released = await checkers.stop(releaseMs);
  if (!released) log.write('error', 'The IPVS table could not be cleared in time; what is in it stays');
  await Promise.race([log.flush(), setTimeout(lastWordsMs)]);
  process.exit(released ? 0 : 1);
}
