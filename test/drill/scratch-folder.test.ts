import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeScratchFolder } from '../../src/drill/scratch-folder.ts';

/** Above the highest process id there can be: surely not running. */
const deadPid = 99999999;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function leave(name: string, hoursAgo: number): string {
  const path = join(folder, name);
  mkdirSync(path);
  const seconds = Date.now() / 1000 - hoursAgo * 3600;
  utimesSync(path, seconds, seconds);
  return path;
}

test('a scratch folder is for its owner alone, and gone once it is removed', () => {
  const scratch = makeScratchFolder();
  expect(statSync(scratch.path).mode & 0o777).toBe(0o700);
  scratch.remove();
  expect(existsSync(scratch.path)).toBe(false);
});

test('the next run removes what a dead run left, and only that', () => {
  const abandoned = leave(`holdfast-drill-${deadPid}-aaaaaa`, 2);
  const recent = leave(`holdfast-drill-${deadPid}-bbbbbb`, 0);
  const alive = leave(`holdfast-drill-${process.pid}-cccccc`, 2);
  const foreign = leave(`holdfast-other-${deadPid}-dddddd`, 2);
  makeScratchFolder().remove();
  expect([abandoned, recent, alive, foreign].map((path) => existsSync(path))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test('what a dead run of this machine left goes at once', () => {
  const scratch = makeScratchFolder();
  const left = join(folder, `holdfast-drill-${deadPid}-eeeeee`);
  cpSync(scratch.path, left, { recursive: true });
  makeScratchFolder().remove();
  expect(existsSync(left)).toBe(false);
  expect(existsSync(scratch.path)).toBe(true);
  scratch.remove();
});
