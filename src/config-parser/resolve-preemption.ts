/** keepalived.conf(5): preempt, nopreempt, preempt_delay, and what they are not compatible with. */
import type { VrrpInstanceConfig } from './config.ts';
import { type InstanceContext, reportPart } from './resolve-context.ts';

type Preemption = Pick<VrrpInstanceConfig, 'preempt' | 'preemptDelayMs'>;

export function resolvePreemption(
  context: InstanceContext,
  priority: number,
  state: 'MASTER' | 'BACKUP',
): Preemption {
  const isMaster = state === 'MASTER' || priority === 255;
  const preempt = resolvePreempt(context, priority, isMaster);
  return { preempt, preemptDelayMs: resolveDelay(context, preempt, isMaster) };
}

function resolvePreempt(context: InstanceContext, priority: number, isMaster: boolean): boolean {
  const { values } = context;
  const off = values.last('nopreempt');
  const on = values.last('preempt');
  if (off === undefined || (on !== undefined && on.order > off.order)) return true;
  if (!isMaster) return false;
  const reason = priority === 255 ? 'priority 255' : 'state MASTER';
  const message = `nopreempt does not go with ${reason}; it is ignored`;
  const help = priority === 255 ? undefined : 'write "state BACKUP", on both routers';
  reportPart(context, 'error', 'nopreempt-ignored', message, values.spanOf('nopreempt'), help);
  return true;
}

function resolveDelay(context: InstanceContext, preempt: boolean, isMaster: boolean): number {
  const { values } = context;
  const delayMs = values.value('preempt_delay') ?? 0;
  if (delayMs === 0 || (preempt && !isMaster)) return delayMs;
  const reason = isMaster ? 'state MASTER' : 'nopreempt';
  const message = `preempt_delay does not go with ${reason}; it is ignored`;
  const help = isMaster ? 'write "state BACKUP", on both routers' : undefined;
  reportPart(context, 'error', 'preempt-delay-ignored', message, values.spanOf('preempt_delay'), help);
  return 0;
}
