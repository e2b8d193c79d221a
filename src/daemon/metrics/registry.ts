/** The daemon's status as Prometheus metrics. */
import { Registry } from 'prom-client';
import type { DaemonStatus } from '../control-socket/index.ts';
import type { InstanceStatus, VrrpStatus } from '../ipc.ts';
import { counter, gauge, snake } from './series.ts';
import { addServers } from './servers.ts';

const states = ['Initialize', 'Backup', 'Master', 'Leaving', 'Fault'] as const;

/** The text of all metrics for `status`. A fresh registry each time: what is gone leaves no stale series. */
export async function metricsText(status: DaemonStatus): Promise<string> {
  const registry = new Registry();
  addDaemon(registry, status);
  if (status.vrrp !== undefined) addVrrp(registry, status.vrrp);
  if (status.checker !== undefined) addServers(registry, status.checker);
  return registry.metrics();
}

export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

function addDaemon(registry: Registry, status: DaemonStatus): void {
  const info = gauge(registry, 'holdfast_info', 'The version of holdfast', ['version']);
  info.set({ version: status.version }, 1);
  gauge(registry, 'holdfast_uptime_seconds', 'How long the daemon has been running').set(status.upSeconds);
  gauge(
    registry,
    'holdfast_config_stale',
    '1 while the last reload was refused, so that what runs is not what the files say',
  ).set(status.configuration.staleBecause.length > 0 ? 1 : 0);
  gauge(
    registry,
    'holdfast_vrrp_answers',
    '1 while the VRRP process says how it is; without it the other VRRP metrics are missing',
  ).set(status.vrrp === undefined ? 0 : 1);
  const running = gauge(registry, 'holdfast_child_running', '1 while the child process runs', ['child']);
  const restarts = counter(
    registry,
    'holdfast_child_restarts_total',
    'How often the child process was started again after its death',
    ['child'],
  );
  for (const { role, phase, restarts: count } of status.children) {
    running.set({ child: role }, phase === 'running' ? 1 : 0);
    restarts.inc({ child: role }, count);
  }
}

function addVrrp(registry: Registry, vrrp: VrrpStatus): void {
  addStates(registry, vrrp.instances);
  addStatistics(registry, vrrp.instances);
  addTrackers(registry, vrrp);
  addEventLoop(registry, vrrp);
  const counters = counter(
    registry,
    'holdfast_vrrp_events_total',
    'What the VRRP process as a whole has counted',
    ['event'],
  );
  for (const [event, count] of Object.entries(vrrp.counters)) counters.inc({ event: snake(event) }, count);
}

function addStates(registry: Registry, instances: readonly InstanceStatus[]): void {
  const labels = ['instance', 'interface', 'vrid', 'family'] as const;
  const state = gauge(registry, 'holdfast_vrrp_state', '1 for the state that the instance is in', [
    ...labels,
    'state',
  ]);
  const since = gauge(registry, 'holdfast_vrrp_state_seconds', 'How long it has been in its state', labels);
  const base = gauge(registry, 'holdfast_vrrp_base_priority', 'The priority of the configuration', labels);
  const effective = gauge(
    registry,
    'holdfast_vrrp_effective_priority',
    'The priority after what tracking adds to it',
    labels,
  );
  const held = gauge(
    registry,
    'holdfast_vrrp_held',
    '1 while an operator keeps it from being Master',
    labels,
  );
  const dual = gauge(
    registry,
    'holdfast_vrrp_dual_master_seconds',
    'For how long another Master has been heard; 0 while there is none',
    labels,
  );
  for (const instance of instances) {
    const { name, interface: device = '', vrid, family } = instance;
    const label = { instance: name, interface: device, vrid: String(vrid), family: `ipv${family}` };
    for (const one of states) state.set({ ...label, state: one }, one === instance.state ? 1 : 0);
    if (instance.sinceSeconds !== undefined) since.set(label, instance.sinceSeconds);
    base.set(label, instance.basePriority);
    effective.set(label, instance.effectivePriority);
    held.set(label, instance.hold === undefined ? 0 : 1);
    dual.set(label, instance.rival?.forSeconds ?? 0);
  }
}

/** Names of transitions are known to everybody who draws them; the rest keep the names of our counters. */
function addStatistics(registry: Registry, instances: readonly InstanceStatus[]): void {
  const transitions = counter(
    registry,
    'holdfast_vrrp_transitions_total',
    'How often it has become Master, and has ceased to be',
    ['instance', 'to'],
  );
  const events = counter(
    registry,
    'holdfast_vrrp_instance_events_total',
    'Advertisements sent, received, and not accepted, by reason; and whatever else the instance counts',
    ['instance', 'event'],
  );
  for (const { name, statistics } of instances) {
    for (const [event, count] of Object.entries(statistics)) {
      if (event === 'becomeMaster') transitions.inc({ instance: name, to: 'master' }, count);
      else if (event === 'releaseMaster') transitions.inc({ instance: name, to: 'backup' }, count);
      else events.inc({ instance: name, event: snake(event) }, count);
    }
  }
}

function addTrackers(registry: Registry, { trackers }: VrrpStatus): void {
  const labels = ['kind', 'name'];
  const up = gauge(registry, 'holdfast_tracker_up', '1 while what is tracked is well', labels);
  const value = gauge(registry, 'holdfast_tracker_value', 'The number that a tracked file holds', labels);
  for (const tracker of trackers) {
    const label = { kind: tracker.kind, name: tracker.name };
    if (tracker.kind === 'file') value.set(label, tracker.value);
    else up.set(label, tracker.isUp ? 1 : 0);
  }
}

function addEventLoop(registry: Registry, { eventLoopDelay }: VrrpStatus): void {
  const delay = gauge(
    registry,
    'holdfast_vrrp_event_loop_delay_seconds',
    'How late the VRRP process ran since it was last asked; the quantile 1 is the longest delay',
    ['quantile'],
  );
  const { p50Ms, p99Ms, p999Ms, maxMs } = eventLoopDelay;
  const quantiles = { '0.5': p50Ms, '0.99': p99Ms, '0.999': p999Ms, '1': maxMs };
  for (const [quantile, delayMs] of Object.entries(quantiles)) delay.set({ quantile }, delayMs / 1000);
}
