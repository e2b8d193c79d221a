/** Entry of the vrrp process: the supervisor's messages in, VrrpProcess at work, one exit. */
import { setTimeout } from 'node:timers/promises';
import { nowMs } from '../../kernel/clock.ts';
import { monitorEventLoop } from '../../kernel/event-loop-delay.ts';
import { type LinkEvent, type LinkState, openLinkMonitor } from '../../kernel/link-monitor.ts';
import { ProcessTuner } from '../../kernel/process-tuning.ts';
import { openRouteClient } from '../../kernel/route-client.ts';
import { openAddressClient } from '../../kernel/rtnetlink.ts';
import { onSupervisorMessage, onTerminate, sendToSupervisor } from '../child-channel.ts';
import { ChildLog } from '../child-log.ts';
import type { NotifyEvent, SupervisorMessage } from '../ipc.ts';
import { answerCommand } from './answer-command.ts';
import { Gathered } from './gathered.ts';
import type { VrrpProcessTools } from './process-tools.ts';
import { Rehearsal } from './rehearsal.ts';
import { RouteWatch } from './route-watch.ts';
import { VrrpProcess } from './vrrp-process.ts';

type MessageOf<Kind extends SupervisorMessage['kind']> = Extract<SupervisorMessage, { kind: Kind }>;

/** The supervisor may have died or be stuck; what it did not take by then is lost. */
const lastWordsMs = 200;

/** keepalived's exit code for missing permission: the supervisor does not restart a child that ends with it. */
const exitNoPermission = 4;

process.title = 'holdfast_vrrp';

const log = new ChildLog();
const monitor = await openLinkMonitor({ onEvent: onLinkEvent, onError: logError });
const tuner = new ProcessTuner('vrrp', (message) => log.write('warning', message));
const delays = monitorEventLoop();
const routeWatch = new RouteWatch((event) => vrrp?.linkEvents.handle(event, nowMs()), logError);
const notices = new Gathered<NotifyEvent>((events) => sendToSupervisor({ kind: 'notify', events }));
const tools: Omit<VrrpProcessTools, 'rehearsal'> = {
  monitor,
  addresses: openAddressClient(),
  routes: openRouteClient(),
  log,
  notify: (events) => notices.add(events),
  onNotPermitted,
};
let vrrp: VrrpProcess | undefined;
let work: Promise<void> = Promise.resolve();
let isStopping = false;

onTerminate(() => stop(false));
onSupervisorMessage(onMessage);

function onMessage(message: SupervisorMessage): void {
  switch (message.kind) {
    case 'stop':
      stop(message.atOnce === true);
      break;
    case 'configure':
      work = work.then(() => configure(message)).catch(fail);
      break;
    case 'trackers':
      // Readings may come before the configuration that they belong to has been applied.
      work = work.then(() => vrrp?.onTrackers(message.readings)).catch(fail);
      break;
    case 'command':
      work = work.then(() => answer(message)).catch(fail);
      break;
    default:
  }
}

async function configure({ config, options }: MessageOf<'configure'>): Promise<void> {
  if (vrrp === undefined) {
    const rehearsal = new Rehearsal();
    await rehearsal.warmUp();
    vrrp = new VrrpProcess({ ...tools, rehearsal }, options);
  }
  for (const { message } of tuner.apply(config.globalDefs.processes.vrrp)) log.write('warning', message);
  await routeWatch.configure(config);
  await vrrp.configure(config, options);
  sendToSupervisor({ kind: 'configured' });
}

function answer({ id, command }: MessageOf<'command'>): void {
  const reply = (given: Parameters<Parameters<typeof answerCommand>[2]>[0]) =>
    sendToSupervisor({ kind: 'answer', id, answer: given });
  if (vrrp === undefined) reply({ ok: false, lines: ['VRRP has not started yet'] });
  // The others are the checker process's.
  else if (command.kind === 'giveUp' || command.kind === 'resume' || command.kind === 'status')
    answerCommand(command, { vrrp, delays }, reply);
}

/** Also while handing over: an interface that goes down then ends it. */
function onLinkEvent(event: LinkEvent): void {
  if (event.kind === 'linkChanged' && isUsable(event.link) !== isUsable(event.previous)) {
    log.write('notice', `Netlink reports ${event.link.name} ${isUsable(event.link) ? 'up' : 'down'}`);
  }
  vrrp?.linkEvents.handle(event, nowMs());
}

function isUsable(link: LinkState | undefined): boolean {
  return link?.isUp === true && link.isRunning;
}

function onNotPermitted(error: Error): void {
  sendToSupervisor({
    kind: 'fatal',
    message: `VRRP needs raw sockets, and this process may not open them (CAP_NET_RAW): ${error.message}`,
    exitCode: exitNoPermission,
  });
  process.exitCode = exitNoPermission;
  stop(true);
}

function logError({ message }: Error): void {
  log.write('warning', message);
}

function fail(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.write('error', `vrrp process: ${text}`);
}

/** Hands the addresses over and leaves; asked again, and `atOnce`, without waiting for a successor. */
function stop(atOnce: boolean): void {
  if (isStopping) {
    if (atOnce) void vrrp?.stop(true).catch(fail);
    return;
  }
  isStopping = true;
  void work
    .then(() => vrrp?.stop(atOnce))
    .catch(fail)
    .then(() => {
      notices.flush();
      sendToSupervisor({ kind: 'released' });
      return Promise.race([log.flush(), setTimeout(lastWordsMs, undefined, { ref: false })]);
    })
    .then(() => process.exit());
}
