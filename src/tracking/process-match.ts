/** Whether a process is the one that is looked for. keepalived.conf(5): vrrp_track_process. */
import type { TrackProcessConfig } from '../config-parser/config.ts';

export type ProcessPattern = Pick<TrackProcessConfig, 'command' | 'parameterMatch' | 'fullCommand'>;

export interface ProcessFacts {
  /** proc(5): /proc/pid/comm; at most 15 bytes. */
  readonly name: string;
  /** proc(5): /proc/pid/cmdline, the program first. Empty when it was not asked for, and for threads of the kernel. */
  readonly commandLine: readonly string[];
  /** The file that it executes; undefined when it was not asked for or may not be known. */
  readonly executable?: string;
}

/** Whether the command line counts, which the kernel has to read out of the memory of the process. */
export function needsCommandLine({ command, parameterMatch, fullCommand }: ProcessPattern): boolean {
  return fullCommand || parameterMatch !== undefined || command.length > 1 || isPath(command[0]);
}

export function matchesProcess(pattern: ProcessPattern, facts: ProcessFacts): boolean {
  const [program = '', ...parameters] = pattern.command;
  if (!needsCommandLine(pattern)) return facts.name === shortName(program);
  const [argumentZero, ...found] = facts.commandLine;
  if (argumentZero === undefined) return false;
  // keepalived compares a path with what the program was started as; one that renames itself is still its file.
  if (argumentZero !== program && !(isPath(program) && facts.executable === program)) return false;
  return matchesParameters(pattern, parameters, found);
}

function matchesParameters(
  { parameterMatch }: ProcessPattern,
  wanted: readonly string[],
  found: readonly string[],
): boolean {
  if (parameterMatch === undefined) {
    return wanted.length === 0 || (found.length === wanted.length && beginsWith(found, wanted));
  }
  if (parameterMatch === 'none') return found.length === 0;
  if (parameterMatch === 'partial') return beginsWith(found, wanted);
  const last = wanted.length - 1;
  if (last < 0) return true;
  return beginsWith(found, wanted.slice(0, -1)) && (found[last]?.startsWith(wanted[last] ?? '') ?? false);
}

function beginsWith(found: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((word, index) => found[index] === word);
}

function isPath(program: string | undefined): boolean {
  return program?.startsWith('/') ?? false;
}

const longestNameBytes = 15;

/** The kernel keeps the beginning of a name: whoever looks for a longer one means this. */
function shortName(name: string): string {
  const bytes = new TextEncoder().encode(name);
  return bytes.length <= longestNameBytes
    ? name
    : new TextDecoder().decode(bytes.subarray(0, longestNameBytes));
}
