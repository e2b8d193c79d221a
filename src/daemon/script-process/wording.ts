/** The wording of what the trackers report: keepalived's own words wherever operators grep for them. */
import { constants } from 'node:os';
import type { TrackFileConfig, TrackProcessConfig } from '../../config-parser/config.ts';
import type { FileEffect, FileProblem, ScriptOutcome, ScriptReport } from '../../tracking/index.ts';
import type { LogRecord } from '../ipc.ts';

export function describeScript(name: string, report: ScriptReport): LogRecord {
  switch (report.kind) {
    case 'returning':
      return notice(`Script \`${name}\` now returning ${report.status}`);
    case 'succeeded':
      return notice(`VRRP_Script(${name}) succeeded`);
    case 'failed':
      return notice(`VRRP_Script(${name}) failed (${outcomeText(report.outcome)})`);
    case 'timedOut':
      return notice(`VRRP_Script(${name}) timed out`);
    case 'skipped': {
      const state = report.because === 'running' ? 'already running' : 'being timed out';
      return { ...notice(`Track script ${name} is ${state}, expect idle - skipping run`), detail: true };
    }
  }
}

function outcomeText(outcome: ScriptOutcome): string {
  switch (outcome.kind) {
    case 'exited':
      return `exited with status ${outcome.status}`;
    case 'killed':
      return `due to signal ${signalNumber(outcome.signal)}`;
    case 'not-started':
      return 'could not be run';
  }
}

function signalNumber(signal: string): string {
  const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1];
  return number === undefined ? signal : `${number}, ${signal}`;
}

export function describeOutput(name: string, output: string): LogRecord {
  return { level: 'info', message: `VRRP_Script(${name}) wrote: ${oneLine(output)}`, detail: true };
}

/** What a program writes must not look like lines of ours, nor move a terminal's cursor. */
function oneLine(text: string): string {
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' | ')
    .replaceAll(/\p{Cc}/gu, '?');
}

export function describeFile(
  { name, path }: TrackFileConfig,
  report: Extract<FileEffect, { kind: 'report' }>['report'],
): LogRecord {
  if (report.kind === 'value') return notice(`Track file ${name} (${path}) now holds ${report.value}`);
  return warning(`Track file ${name} (${path}) ${problemText(report.problem, report.value)}`);
}

function problemText({ kind, text }: FileProblem, value: number): string {
  const quoted = `"${oneLine(text)}"`;
  switch (kind) {
    case 'garbage':
      return `holds ${quoted}, which is no number and counts as ${value}`;
    case 'outOfRange':
      return `holds ${quoted}, which is more than 32 bits hold and changes nothing: it counts as ${value}`;
    case 'unread':
      return `counts as ${value}; ${quoted} behind the number is not read`;
    case 'unreadable':
      return `cannot be read (${text}) and counts as ${value}`;
  }
}

export function describeInitFailure({ name, path }: TrackFileConfig, error: string): LogRecord {
  return warning(`Track file ${name}: init_file cannot be written to ${path}: ${error}`);
}

export function describeUnwatched({ name, path }: TrackFileConfig, error: string): LogRecord {
  return warning(
    `Track file ${name}: the kernel does not tell of changes to ${path} (${error}); it is read every second instead`,
  );
}

export function describeProcesses(
  { name, quorum, quorumMax }: TrackProcessConfig,
  { isUp, count, isFirst }: { isUp: boolean; count: number; isFirst: boolean },
): LogRecord {
  const wanted =
    quorumMax === undefined ? `at least ${quorum}` : `${Math.min(quorum, quorumMax)} to ${quorumMax}`;
  const change = isFirst ? (isUp ? 'has quorum' : 'has no quorum') : isUp ? 'quorum gained' : 'quorum lost';
  return notice(`Track process ${name} ${change}: ${count} run, ${wanted} wanted`);
}

export function describeNoConnector(error: unknown): LogRecord {
  const detail = error instanceof Error ? error.message : String(error);
  return warning(
    `no kernel support for track_process here (${detail}): processes are looked for every second instead`,
  );
}

export function describeLostEvents(error: Error): LogRecord {
  return {
    level: 'info',
    message: `Process events were lost (${error.message}); looking through all processes`,
    detail: true,
  };
}

function notice(message: string): LogRecord {
  return { level: 'notice', message };
}

function warning(message: string): LogRecord {
  return { level: 'warning', message };
}
