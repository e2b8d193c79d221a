/** keepalived.conf(5): state, priority, version and advert_int of an instance. */
import type { AddressFamily } from '../net/address.ts';
import type { Given } from './block-values.ts';
import { type InstanceContext, reportPart } from './resolve-context.ts';

export type State = Given<'MASTER' | 'BACKUP'>;

/** keepalived ignores BACKUP after MASTER. */
export function resolveState(context: InstanceContext): State | undefined {
  const states = context.values.all('state');
  const master = states.find(({ value }) => value === 'MASTER');
  const late = master && states.find(({ value, order }) => value === 'BACKUP' && order > master.order);
  if (late !== undefined) {
    const message = 'state is MASTER already; this line is ignored';
    reportPart(context, 'error', 'duplicate-keyword', message, late.span);
  }
  return master ?? states.at(-1);
}

export function resolvePriority(context: InstanceContext, state: State | undefined): number {
  const priority = context.values.value('priority');
  if (priority !== undefined) return priority;
  if (state?.value !== 'MASTER') return 100;
  const message = `state MASTER without a priority makes ${context.name} the address owner, priority 255`;
  const help = 'give a priority from 1 to 254';
  reportPart(context, 'warning', 'master-without-priority', message, state.span, help);
  return 255;
}

export function resolveVersion(context: InstanceContext, family: AddressFamily, ipv4Default: 2 | 3): 2 | 3 {
  const given = context.values.value('version');
  if (family === 4) return given === undefined ? ipv4Default : given === '3' ? 3 : 2;
  if (given === '2') {
    const message = 'version must be 3 for IPv6 addresses, found "2"; 3 is used';
    reportPart(context, 'error', 'invalid-value', message, context.values.spanOf('version'));
  }
  return 3;
}

/** RFC 5798 section 5.2.7: 12 bits of centiseconds. */
const longestVersion3IntervalMs = 40_950;

/** RFC 3768 section 5.3.7: whole seconds in version 2; RFC 5798 section 5.2.7: hundredths in version 3. */
export function resolveInterval(context: InstanceContext, version: 2 | 3): number {
  const given = context.values.value('advert_int');
  if (given === undefined) return 1000;
  const stepMs = version === 2 ? 1000 : 10;
  const longestMs = version === 2 ? 255_000 : longestVersion3IntervalMs;
  const rounded = Math.min(Math.max(Math.round(given / stepMs) * stepMs, stepMs), longestMs);
  if (rounded !== given) {
    const allowed = version === 2 ? 'whole seconds from 1 to 255' : 'hundredths of a second up to 40.95';
    const message = `advert_int must be ${allowed} in VRRP version ${version}, found "${given / 1000}"; ${rounded / 1000} is used`;
    reportPart(context, 'error', 'invalid-value', message, context.values.spanOf('advert_int'));
  }
  return rounded;
}
