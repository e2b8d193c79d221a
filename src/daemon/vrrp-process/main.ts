/** Entry of the vrrp process: the supervisor's messages in, VrrpProcess at work, one exit. */
import { setTimeout } from 'node:timers/promises';
import { type LinkEvent, type LinkState, openLinkMonitor } from '../../kernel/link-monitor.ts';
import { openAddressClient } from '../../kernel/rtnetlink.ts';
import { onSupervisorMessage, onTerminate, sendToSupervisor } from '../child-channel.ts';
import { ChildLog } from '../child-log.ts';
import type { SupervisorMessage } from '../ipc.ts';
import { Rehearsal } from './rehearsal.ts';
import { VrrpProcess } from './vrrp-process.ts';

/** The supervisor may have died or be stuck; what it did not take by then is lost. */
const lastWordsMs = 200;

/** keepalived's exit code for missing permission: the supervisor does not restart a child that ends with it. */
const exitNoPermission = 4;

process.title = 'holdfast_vrrp';

const log = new ChildLog();
const monitor = await openLinkMonitor({ onEvent, onError: (error) => log.write('warning', error.message) });
const addresses = openAddressClient();
let vrrp: VrrpProcess | undefined;
let work: Promise<void> = Promise.resolve();
let stopping = false;

onTerminate(stop);
onSupervisorMessage(onMessage);

function onMessage(message: SupervisorMessage): void {
  if (message.kind === 'stop') stop();
  else work = work.then(() => configure(message)).catch(fail);
}

async function configure({
  config,
  options,
}: Extract<SupervisorMessage, { kind: 'configure' }>): Promise<void> {
  if (vrrp === undefined) {
    const rehearsal = new Rehearsal();
    await rehearsal.warmUp();
    vrrp = new VrrpProcess({ monitor, addresses, log, rehearsal, onNotPermitted }, options);
  }
  await vrrp.configure(config, options);
  sendToSupervisor({ kind: 'configured' });
}

function onLinkEvent(event: LinkEvent): void {
  if (event.kind === 'linkChanged' && isUsable(event.link) !== isUsable(event.previous)) {
    log.write('notice', `Netlink reports ${event.link.name} ${isUsable(event.link) ? 'up' : 'down'}`);
  }
  vrrp?.onLinkEvent(event);
}

function isUsable(link: LinkState | undefined): boolean {
  return link?.isUp === true && link.isRunning;
}

function onEvent(event: LinkEvent): void {
  if (!stopping) onLinkEvent(event);
}

function onNotPermitted(error: Error): void {
  sendToSupervisor({
    kind: 'fatal',
    message: `VRRP needs raw sockets, and this process may not open them (CAP_NET_RAW): ${error.message}`,
    exitCode: exitNoPermission,
  });
  process.exitCode = exitNoPermission;
  stop();
}

function fail(error: unknown): void {
  log.write(
    'error',
    `vrrp process: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
}

/** Hands the addresses back and leaves. Asked twice (signal and message), does it once. */
function stop(): void {
  if (stopping) return;
  stopping = true;
  void work
    .then(() => vrrp?.stop())
    .catch(fail)
    .then(() => Promise.race([log.flush(), setTimeout(lastWordsMs, undefined, { ref: false })]))
    .then(() => process.exit());
}
