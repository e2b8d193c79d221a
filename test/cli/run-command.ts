/** Runs a command of holdfast in this process, with captured streams. */
import { readFileSync } from 'node:fs';
import { applyPatch, parsePatch } from 'diff';
import { runProgram } from '../../src/cli/program.ts';

export interface CommandSurroundings {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export async function runCommand(args: readonly string[], surroundings: CommandSurroundings = {}) {
  const { input = '', environment = {} } = surroundings;
  let out = '';
  let error = '';
  const streams = {
    out: (text: string) => {
      out += text;
    },
    error: (text: string) => {
      error += text;
    },
    input: async () => input,
    isTerminal: false,
    environment,
    flush: async () => undefined,
  };
  const run = () => Promise.reject(new Error('run was not asked for'));
  const exitCode = await runProgram(args, run, streams);
  return { exitCode, out, error };
}

/** Performs `action` as somebody who may not write where root may. */
export async function asNobody<Result>(action: () => Promise<Result>): Promise<Result> {
  const { geteuid, seteuid } = process;
  if (geteuid === undefined || seteuid === undefined || geteuid() !== 0) return action();
  const nobody = 65534;
  seteuid(nobody);
  try {
    return await action();
  } finally {
    seteuid(0);
  }
}

/** The text of `file` after what `diff` says of it. Throws where the diff does not fit. */
export function patched(file: string, diff: string): string {
  const patch = parsePatch(diff).find(({ newFileName }) => newFileName === file);
  if (patch === undefined) throw new Error(`the diff says nothing of ${file}`);
  const text = applyPatch(readFileSync(file, 'utf8'), patch, { fuzzFactor: 0 });
  if (text === false) throw new Error(`the diff does not fit ${file}`);
  return text;
}
