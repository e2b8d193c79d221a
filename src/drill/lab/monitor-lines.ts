/** Understands the lines of `ip -o -ts monitor address neigh`, of daemons' logs, of `ping -D -O`, and of the recorder. Pure. */
import type { InstanceState } from '../observation.ts';

export type MonitorLine =
  | {
      readonly kind: 'address';
      readonly atMs: number;
      readonly interface: string;
      readonly address: string;
      readonly holds: boolean;
    }
  | {
      readonly kind: 'neighbour';
      readonly atMs: number;
      readonly address: string;
      readonly mac?: string;
      readonly state: string;
    };

/** Undefined for every other line. The machine's time zone is UTC for it. */
export function parseMonitorLine(line: string): MonitorLine | undefined {
  const stamp = /^\[([\d-]+T[\d:]+)\.(\d{6})\] (Deleted )?(?:\[\w+\])?(.*)$/.exec(line);
  if (stamp === null) return undefined;
  const [, seconds = '', micros = '', deleted, rest = ''] = stamp;
  const atMs = Date.parse(`${seconds}Z`) + Number(micros) / 1000;
  const held = /^\d+: (\S+)\s+inet6? ([^/\s]+)/.exec(rest);
  if (held !== null) {
    const [, name = '', address = ''] = held;
    return {
      kind: 'address',
      atMs,
      interface: name.replace(/@.*$/, ''),
      address,
      holds: deleted === undefined,
    };
  }
  const known = /^(\S+) dev \S+ (.*)$/.exec(rest);
  if (known === null) return undefined;
  const [, address = '', words = ''] = known;
  const mac = /lladdr (\S+)/.exec(words)?.[1];
  const state = deleted === undefined ? (words.trim().split(/\s+/).at(-1) ?? '') : 'DELETED';
  return { kind: 'neighbour', atMs, address, state, ...(mac === undefined ? {} : { mac }) };
}

const states: readonly InstanceState[] = ['BACKUP', 'MASTER', 'FAULT'];

/** `(VI_1) Entering MASTER STATE`, in both daemons' words; `(VI_1) Entering BACKUP STATE (init)` too. */
export function stateInLog(line: string): { instance: string; state: InstanceState } | undefined {
  const found = /\((\S+?)\) Entering (\w+) STATE/.exec(line);
  const state = states.find((one) => one === found?.[2]);
  return found?.[1] === undefined || state === undefined ? undefined : { instance: found[1], state };
}

export type PingLine =
  | {
      readonly kind: 'answered';
      readonly atMs: number;
      readonly sequence: number;
      readonly roundTripMs: number;
    }
  | { readonly kind: 'unanswered'; readonly atMs: number; readonly sequence: number }
  | { readonly kind: 'unreachable'; readonly atMs: number; readonly sequence: number };

/** Undefined for every other line. `atMs` is when ping wrote it. */
export function parsePingLine(line: string): PingLine | undefined {
  const found = /^\[(\d+\.\d+)\] (.*)$/.exec(line);
  if (found === null) return undefined;
  const atMs = Number(found[1]) * 1000;
  const text = found[2] ?? '';
  const sequence = Number(/icmp_seq=(\d+)/.exec(text)?.[1]);
  if (Number.isNaN(sequence)) return undefined;
  const time = /time=([\d.]+) ms/.exec(text)?.[1];
  if (time !== undefined) return { kind: 'answered', atMs, sequence, roundTripMs: Number(time) };
  return { kind: /no answer/.test(text) ? 'unanswered' : 'unreachable', atMs, sequence };
}

export interface RecordedLine {
  readonly atMs: number;
  readonly node: string;
  readonly keyword: string;
  readonly words: readonly string[];
}

export const recordSeparator = '\u001f';

/** `seconds.nanoseconds`, the node, the keyword, and the words. */
export function parseRecordedLine(line: string): RecordedLine | undefined {
  const [seconds = '', node, keyword, ...words] = line.split(recordSeparator);
  const atMs = Number(seconds) * 1000;
  if (node === undefined || keyword === undefined || Number.isNaN(atMs)) return undefined;
  return { atMs, node, keyword, words };
}
