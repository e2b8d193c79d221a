/** Entry of the checker process: the supervisor's messages in, CheckerProcess at work, one exit. */
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import type { Config } from '../../config-parser/config.ts';
import { probeOf } from '../../healthcheck/probes/index.ts';
import { nowMs } from '../../kernel/clock.ts';
import { openFullNatKeeper } from '../../kernel/fullnat-keeper.ts';
import { openIpvsClient } from '../../kernel/ipvs-client.ts';
import { ProcessTuner } from '../../kernel/process-tuning.ts';
import { changeSysctl, readSysctl } from '../../kernel/sysctl.ts';
import { onSupervisorMessage, onTerminate, sendToSupervisor } from '../child-channel.ts';
import { ChildLog } from '../child-log.ts';
import type { CheckerCommand, SupervisorMessage } from '../ipc.ts';
import { CheckerProcess } from './checker-process.ts';
import { watchHostAddresses } from './host-addresses.ts';
import { CheckerTools } from './probe-tools.ts';
import { checkGraceMs, Timers } from './timers.ts';
import { waiter } from './wait-until.ts';

/** Bounds of the end, together below what the supervisor waits for. */
const releaseMs = 4500;
const lastWordsMs = 200;

process.title = 'holdfast_checkers';

const log = new ChildLog();
const tuner = new ProcessTuner('checker', (message) => log.write('warning', message));
const timers = new Timers(nowMs, checkGraceMs);
const tools = new CheckerTools({
  log: (record) => log.record(record),
  starting: (start) => tuner.startingUntuned(start),
});
const checkers = new CheckerProcess({
  openClient: () => openIpvsClient(),
  // CLOCK_MONOTONIC: the end of a drain is told to a successor of this process.
  nowMs,
  callAt: (atMs, run) => timers.callAt(atMs, run),
  waitUntil: waiter(nowMs),
  random: Math.random,
  sysctls: { read: readSysctl, change: changeSysctl },
  fullNat: openFullNatKeeper(nowMs),
  probeOf: (checker) => probeOf(checker, tools),
  // It ends this process, and another one takes over.
  onMistake: (error) =>
    void setImmediate(() => {
      throw error;
    }),
  watchAddresses: (changed) => watchHostAddresses(changed, (record) => log.record(record)),
  log: (record) => log.record(record),
  remember: (news) => sendToSupervisor({ kind: 'remember', ...news }),
  notify: (events) => sendToSupervisor({ kind: 'notify', events }),
});
let isStopping = false;

onTerminate(() => void stop());
onSupervisorMessage((message) => void handle(message));

async function handle(message: SupervisorMessage): Promise<void> {
  if (message.kind === 'stop') return stop();
  if (isStopping) return;
  switch (message.kind) {
    case 'configure':
      tune(message.config);
      tools.configure(message.config.globalDefs.notify.scripts);
      await checkers.configure(message);
      sendToSupervisor({ kind: 'configured' });
      break;
    case 'trackers':
      checkers.noteReadings(message.readings);
      break;
    case 'notify':
      checkers.noteInstances(message.events);
      break;
    case 'command': {
      // The supervisor sends a process the commands of its kind alone.
      const answer = await checkers.command(message.command as CheckerCommand);
      sendToSupervisor({ kind: 'answer', id: message.id, answer });
    }
  }
}

function tune({ globalDefs }: Config): void {
  for (const { message } of tuner.apply(globalDefs.processes.checker)) log.write('warning', message);
}

/** Asked twice, by signal and by message, does it once. Exits 0 when everything of ours was released. */
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  const [released] = await Promise.all([
    checkers.stop(releaseMs),
    Promise.race([tools.stop(), setTimeout(releaseMs)]),
  ]);
  if (!released) log.write('error', 'The IPVS table could not be cleared in time; what is in it stays');
  tools.kill();
  await Promise.race([log.flush(), setTimeout(lastWordsMs)]);
  process.exit(released ? 0 : 1);
}
