/** The status for people: what is wrong first, then a line for each instance with what explains it below. */
import type { DaemonStatus } from '../daemon/control-socket/index.ts';
import type { InstanceStatus, VrrpStatus } from '../daemon/ipc.ts';
import { formatSeconds } from './ctl-duration.ts';
import { describeServers } from './ctl-servers.ts';
import { formatTable } from './ctl-table.ts';

/** `isDetailed` adds what is of interest for a single instance. */
export function describeStatus(daemon: DaemonStatus, isDetailed: boolean): string {
  const sections = [head(daemon), troubles(daemon)];
  if (daemon.vrrp === undefined) sections.push([`VRRP: ${daemon.vrrpSilence ?? 'nothing is known'}`]);
  else sections.push(...vrrpSections(daemon.vrrp, isDetailed));
  if (!isDetailed) sections.push(...serverSections(daemon));
  return joinSections(sections);
}

/** Each with an empty line before the next. */
export function joinSections(sections: readonly (readonly string[])[]): string {
  return sections
    .filter(({ length }) => length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** A configuration without servers, which runs no checker process, has nothing to say of them. */
function serverSections({ checker, checkerSilence, children }: DaemonStatus): string[][] {
  if (checker !== undefined) return describeServers(checker, false);
  if (!children.some(({ role }) => role === 'checker')) return [];
  return [[`virtual servers: ${checkerSilence ?? 'nothing is known'}`]];
}

function head({ version, pid, upSeconds, phase, configuration, at }: DaemonStatus): string[] {
  const stopping = phase === 'running' ? '' : `, ${phase}`;
  return [
    `holdfast ${version}, pid ${pid}, up ${formatSeconds(upSeconds)}${stopping}, ${configuration.file}, at ${at}`,
  ];
}

function troubles({ configuration, children }: DaemonStatus): string[] {
  const { staleBecause } = configuration;
  const stale = staleBecause.map((line) => `    ${line}`);
  const childLines = children.flatMap(({ role, phase, restarts }) => {
    if (phase === 'waiting') return [`! the ${role} process died, and is started again in a while`];
    return restarts > 0 ? [`! the ${role} process was started again ${times(restarts)}`] : [];
  });
  return stale.length === 0
    ? childLines
    : ['! the last reload was refused: what runs is not what the files say', ...stale, ...childLines];
}

function vrrpSections(vrrp: VrrpStatus, isDetailed: boolean): string[][] {
  const { instances, groups, trackers } = vrrp;
  if (isDetailed) return [instanceTable(instances), ...instances.map(details)];
  return [
    instanceTable(instances),
    groups.length === 0
      ? []
      : formatTable(
          ['GROUP', 'STATE', 'MEMBERS'],
          groups.map(({ name, state, members }) => ({ cells: [name, state, members.join(' ')] })),
        ),
    trackers.length === 0
      ? []
      : formatTable(
          ['TRACKER', 'KIND', 'SAYS'],
          trackers.map((one) => ({ cells: [one.name, one.kind, readingOf(one)] })),
        ),
    [eventLoopLine(vrrp)],
  ];
}

function instanceTable(instances: readonly InstanceStatus[]): string[] {
  if (instances.length === 0) return ['no VRRP instance'];
  const rows = instances.map((one) => ({
    cells: [one.name, one.state, since(one), priority(one), master(one), lastHeard(one), addresses(one)],
    notes: notes(one),
  }));
  return formatTable(['INSTANCE', 'STATE', 'SINCE', 'PRIORITY', 'MASTER', 'LAST HEARD', 'ADDRESSES'], rows);
}

function since({ sinceSeconds }: InstanceStatus): string {
  return sinceSeconds === undefined ? '?' : formatSeconds(sinceSeconds);
}

/** `150`, or `150-10=140` where tracking has changed it. */
function priority({ basePriority, effectivePriority }: InstanceStatus): string {
  const change = effectivePriority - basePriority;
  if (change === 0) return String(basePriority);
  return `${basePriority}${change > 0 ? '+' : ''}${change}=${effectivePriority}`;
}

function master({ state, master: address }: InstanceStatus): string {
  return state === 'Master' || state === 'Leaving' ? 'this router' : (address ?? '-');
}

/** Of the Master, or where we are it of who else was heard last. */
function lastHeard({ masterHeardSecondsAgo, peers }: InstanceStatus): string {
  if (masterHeardSecondsAgo !== undefined) return `${formatSeconds(masterHeardSecondsAgo)} ago`;
  const [latest] = [...peers].sort((one, other) => one.heardSecondsAgo - other.heardSecondsAgo);
  return latest === undefined ? 'never' : `${latest.address} ${formatSeconds(latest.heardSecondsAgo)} ago`;
}

function addresses({ addresses: [first = '-', ...rest] }: InstanceStatus): string {
  return rest.length === 0 ? first : `${first} +${rest.length}`;
}

function notes({ faults, hold, rival, reason, state }: InstanceStatus): string[] {
  const lines: string[] = faults.map((fault) => `! ${fault}`);
  if (rival !== undefined) {
    lines.push(
      `! two masters: ${rival.address} has been Master as well for ${formatSeconds(rival.forSeconds)}`,
    );
  }
  if (hold !== undefined) {
    const end =
      hold.forSeconds === undefined ? 'until resume' : `for another ${formatSeconds(hold.forSeconds)}`;
    const why = hold.reason === undefined ? '' : `: ${hold.reason}`;
    lines.push(`! held by ${hold.kind} ${end}${why}`);
  }
  if (reason !== undefined && (state === 'Master' || state === 'Backup')) lines.push(`because of ${reason}`);
  return lines;
}

function details(one: InstanceStatus): string[] {
  const counters = Object.entries(one.statistics).filter(([, count]) => count > 0);
  return [
    `${one.name}: VRRPv${one.version}, IPv${one.family}, VRID ${one.vrid}, interface ${one.interface ?? '-'}, source ${one.sourceAddress ?? '-'}`,
    ...one.addresses.map((address) => `  address ${address}`),
    ...one.peers.map(
      ({ address, priority: theirs, heardSecondsAgo }) =>
        `  heard ${address}, priority ${theirs}, ${formatSeconds(heardSecondsAgo)} ago`,
    ),
    ...(one.masterDownInSeconds === undefined
      ? []
      : [`  takes over in ${formatSeconds(one.masterDownInSeconds)} if nothing is heard`]),
    ...counters.map(([name, count]) => `  ${name} ${count}`),
  ];
}

function readingOf(reading: VrrpStatus['trackers'][number]): string {
  if (reading.kind === 'file') return String(reading.value);
  return reading.isUp ? 'up' : 'DOWN';
}

function eventLoopLine({ eventLoopDelay }: VrrpStatus): string {
  const { p50Ms, p99Ms, p999Ms, maxMs, overSeconds } = eventLoopDelay;
  const times = [`p50 ${ms(p50Ms)}`, `p99 ${ms(p99Ms)}`, `p99.9 ${ms(p999Ms)}`, `at most ${ms(maxMs)}`];
  return `event loop of the vrrp process late by ${times.join(', ')}, over ${formatSeconds(overSeconds)}`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
