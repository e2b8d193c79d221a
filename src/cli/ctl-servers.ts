/** Virtual and real servers for people: a line each, and below what explains it. */
import type { CheckerStatus, RealServerStatus, VirtualServerStatus } from '../daemon/ipc.ts';
import type { ProbeOutcome } from '../healthcheck/index.ts';
import { formatSeconds } from './ctl-duration.ts';
import { formatTable, type TableRow } from './ctl-table.ts';

/** `isDetailed` adds each check with its last results. */
export function describeServers(checker: CheckerStatus, isDetailed: boolean): string[][] {
  const trouble = checker.tableTrouble === undefined ? [] : [[`! ${checker.tableTrouble}`]];
  if (checker.virtualServers.length === 0) return [...trouble, ['no virtual server']];
  return [...trouble, ...checker.virtualServers.map((server) => virtualServerLines(server, isDetailed))];
}

function virtualServerLines(server: VirtualServerStatus, isDetailed: boolean): string[] {
  const { name, scheduler, services, realServers } = server;
  const marks = services.length > 1 ? `, ${services.length} services` : '';
  const heading = `${name} ${scheduler}${marks}: ${quorumText(server)}`;
  const notes = [
    ...(server.sorryServer?.isInUse === true ? [`! the sorry server ${server.sorryServer.name} serves`] : []),
    ...(server.isSuspended ? ['checks rest: its address is not on this host'] : []),
  ];
  const heads = ['  SERVER', 'STATE', 'WEIGHT', 'METHOD', 'ACTIVE', 'INACTIVE', 'LAST CHECK'];
  const rows = realServers.map((real) => realServerRow(real, isDetailed));
  return [heading, ...notes.map((note) => `  ${note}`), ...formatTable(heads, rows)];
}

function quorumText({ hasQuorum, liveWeight, quorum }: VirtualServerStatus): string {
  const sum = `live weight ${liveWeight}, quorum ${quorum}`;
  return hasQuorum ? sum : `QUORUM LOST, ${sum}`;
}

function realServerRow(real: RealServerStatus, isDetailed: boolean): TableRow {
  const { connections, checkers } = real;
  const last = checkers.flatMap(({ results }) => results[0] ?? []);
  const [latest] = [...last].sort((one, other) => one.secondsAgo - other.secondsAgo);
  return {
    cells: [
      `  ${real.name}`,
      real.isUp ? 'up' : 'DOWN',
      weightText(real),
      real.method,
      connections === undefined ? '-' : String(connections.active),
      connections === undefined ? '-' : String(connections.inactive),
      latest === undefined ? '-' : `${formatSeconds(latest.secondsAgo)} ago`,
    ],
    notes: [...holdNotes(real), ...checkNotes(real, isDetailed)],
  };
}

/** `5`, or `5 (0)` where the one in use is another. */
function weightText({ weight, effectiveWeight }: RealServerStatus): string {
  return weight === effectiveWeight ? String(weight) : `${effectiveWeight} (of ${weight})`;
}

function holdNotes({ hold }: RealServerStatus): string[] {
  if (hold === undefined) return [];
  const end =
    hold.forSeconds === undefined ? 'until resume' : `for another ${formatSeconds(hold.forSeconds)}`;
  const why = hold.reason === undefined ? '' : `: ${hold.reason}`;
  return [`! drained ${end}${why}`];
}

/** What is down says why; the rest speaks when asked for. */
function checkNotes({ checkers }: RealServerStatus, isDetailed: boolean): string[] {
  return checkers.flatMap(({ kind, state, results }) => {
    if (isDetailed) {
      return [
        `${kind} ${state}`,
        ...results.map(
          ({ secondsAgo, outcome }) => `  ${formatSeconds(secondsAgo)} ago: ${outcomeText(outcome)}`,
        ),
      ];
    }
    const [last] = results;
    if ((state !== 'down' && state !== 'assumedDown') || last === undefined) return [];
    return [`! ${kind}, ${formatSeconds(last.secondsAgo)} ago: ${outcomeText(last.outcome)}`];
  });
}

function outcomeText(outcome: ProbeOutcome): string {
  const phases = outcome.kind === 'inconclusive' ? [] : (outcome.phases ?? []);
  const steps = phases.map(({ name, ms }) => `${name} ${ms.toFixed(1)} ms`).join(', ');
  const took = steps === '' ? `${outcome.elapsedMs.toFixed(1)} ms` : steps;
  return outcome.kind === 'ok' ? `ok (${took})` : `${outcome.kind}: ${outcome.detail} (${took})`;
}
