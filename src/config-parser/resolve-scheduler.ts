/** keepalived.conf(5): lb_algo with its flags, and ops. */
import type { Given } from './block-values.ts';
import type { Scheduler, VirtualServerConfig } from './config.ts';
import { reportPart } from './resolve-context.ts';
import type { ServerContext } from './resolve-virtual-server.ts';

type Scheduling = Pick<VirtualServerConfig, 'scheduler' | 'schedulerFlags' | 'onePacket'>;

export function resolveScheduling(context: ServerContext): Scheduling {
  return {
    scheduler: context.values.value('lb_algo') ?? defaultScheduler(context),
    schedulerFlags: resolveFlags(context),
    onePacket: resolveOnePacket(context),
  };
}

function defaultScheduler(context: ServerContext): Scheduler {
  const message = `virtual_server ${context.facts.text} has no lb_algo; wlc is used`;
  const subject = { block: 'virtual_server', keyword: 'lb_algo' };
  reportPart(context, 'warning', 'missing-keyword', message, undefined, undefined, subject);
  return 'wlc';
}

/** IP_VS_SVC_F_SCHED1 to 3, which sh and mh have names for. */
const flags: ReadonlyMap<string, { readonly number: 1 | 2 | 3; readonly scheduler?: Scheduler }> = new Map([
  ['flag-1', { number: 1 }],
  ['flag-2', { number: 2 }],
  ['flag-3', { number: 3 }],
  ['sh-fallback', { number: 1, scheduler: 'sh' }],
  ['sh-port', { number: 2, scheduler: 'sh' }],
  ['mh-fallback', { number: 1, scheduler: 'mh' }],
  ['mh-port', { number: 2, scheduler: 'mh' }],
]);

const noFlags: VirtualServerConfig['schedulerFlags'] = [];

/** Of nearly all services there are none. */
function resolveFlags(context: ServerContext): VirtualServerConfig['schedulerFlags'] {
  const given = context.values.select((keyword) => flags.has(keyword));
  if (given.length === 0) return noFlags;
  const numbers = new Set(
    given.flatMap((one) => {
      const flag = flags.get(one.keyword);
      if (flag === undefined || !isOfScheduler(context, one, flag.scheduler)) return [];
      return [flag.number];
    }),
  );
  return [...numbers].sort();
}

/** keepalived goes by the scheduler that it knows when it comes to the flag. */
function isOfScheduler(context: ServerContext, given: Given, wanted: Scheduler | undefined): boolean {
  if (wanted === undefined) return true;
  const known = context.values.all('lb_algo').filter(({ order }) => order < given.order);
  const scheduler = known.at(-1)?.value;
  if (scheduler === wanted) return true;
  const message =
    scheduler === undefined
      ? `${given.keyword} stands above lb_algo, where no scheduler is known yet; the line is ignored`
      : `${given.keyword} is for the scheduler ${wanted}, and above it ${scheduler} is given; the line is ignored`;
  const help =
    scheduler === undefined
      ? 'move the line below "lb_algo"'
      : `delete the line, or write "lb_algo ${wanted}" above it`;
  reportPart(context, 'warning', 'mh-flag-order', message, given.span, help);
  return false;
}

function resolveOnePacket(context: ServerContext): boolean {
  const given = context.values.last('ops');
  if (given === undefined) return false;
  // A mark stands for every protocol, and the kernel looks at each packet's.
  const other = context.facts.services.find((one) => one.kind === 'address' && one.protocol !== 'UDP');
  if (other === undefined) return true;
  const message = `one packet scheduling works for UDP only: ${context.facts.text} goes on with ordinary connections`;
  reportPart(context, 'error', 'ops-without-udp', message, given.span, 'delete the line');
  return false;
}
