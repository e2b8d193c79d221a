/** Runs `holdfast lint` in this process, on files in a folder of its own, with captured streams. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import type { JsonReport } from '../../src/lint/formats/json.ts';
import { allRules } from '../../src/lint/rules/index.ts';

export interface Surroundings {
  readonly input?: string;
  readonly isTerminal?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

export async function lint(args: readonly string[], surroundings: Surroundings = {}) {
  const { input = '', isTerminal = false, environment = {} } = surroundings;
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
    isTerminal,
    environment,
    flush: async () => undefined,
  };
  const run = () => Promise.reject(new Error('run was not asked for'));
  const exitCode = await runProgram(['lint', ...args], run, streams);
  return { exitCode, out, error };
}

export async function lintJson(args: readonly string[], surroundings: Surroundings = {}) {
  const outcome = await lint([...args, '--format', 'json'], surroundings);
  return { ...outcome, report: JSON.parse(outcome.out) as JsonReport };
}

/** Flags with which only this rule looks, so that a test does not depend on what others think of its file. */
export function only(name: string): readonly string[] {
  const groups = [...new Set(allRules.map((rule) => rule.name.split('/')[0]))];
  const off = groups.flatMap((group) => ['--rule', `${group}/*=off`]);
  return [...off, '--rule', `${name}=warn`];
}

/** An instance in which nothing is wrong but what is passed. */
export const instance = (vip = '192.0.2.10/24') => `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 7
    priority 110
    advert_int 1
    virtual_ipaddress {
        ${vip}
    }
}
`;

export const prefixRule = 'vrrp/vip-default-prefix';

/** A folder that is there for the tests of the file that calls this. */
export function testFolder() {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-lint-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const at = (name: string) => join(folder, name);
  const write = (name: string, text: string) => {
    writeFileSync(at(name), text);
    return at(name);
  };
  return { at, write };
}
