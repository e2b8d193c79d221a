import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand } from './run-command.ts';

const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
const pair = [example('lb01.conf'), example('lb02.conf')] as const;

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-election-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function written(name: string, lines: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, lines.join('\n'));
  return file;
}

const instance = (priority: number) => [
  'vrrp_instance VI_1 {',
  '  interface eth0',
  '  virtual_router_id 51',
  `  priority ${priority}`,
  '}',
];

test("the tutorial's pair has one Master whatever single thing is down", async () => {
  const { exitCode, out } = await runCommand(['explain', 'election', ...pair]);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^ {2}nothing +lb01 +150 +100 +lb01$/m);
  expect(out).toMatch(/^ {2}lb01 down +lb02 +down +100 +lb01$/m);
  expect(out).toMatch(/^ {2}lb01 down, lb02 down +NOBODY +down +down +lb01$/m);
});

test('--json says the same to programs', async () => {
  const { out } = await runCommand(['explain', 'election', '--json', '--at-once', '1', ...pair]);
  const { nodes, outcomes } = JSON.parse(out);
  expect(nodes).toEqual(['lb01', 'lb02']);
  expect(outcomes[0]).toMatchObject({ down: [], isSettled: true, domains: [{ masters: ['lb01'] }] });
});

test('a pair that would not understand each other is an error', async () => {
  const files = [
    written('a.conf', [...instance(150).slice(0, -1), '  advert_int 1', '}']),
    written('b.conf', [...instance(100).slice(0, -1), '  advert_int 3', '}']),
  ];
  const { exitCode, out } = await runCommand(['explain', 'election', ...files]);
  expect(exitCode).toBe(1);
  expect(out).toContain('BOTH a and b');
});

test('nodes whose files have one name are told apart', async () => {
  const one = written('keepalived.conf', instance(150));
  const { out } = await runCommand(['explain', 'election', one, one]);
  expect(out).toMatch(/KEEPALIVED 1 +KEEPALIVED 2/);
});

test('what cannot be used is said, with exit status 2', async () => {
  const nothing = written('empty.conf', ['global_defs {', '}']);
  expect(await runCommand(['explain', 'election', nothing])).toMatchObject({
    exitCode: 2,
    error: expect.stringContaining('no vrrp_instance'),
  });
  expect(await runCommand(['explain', 'election', join(folder, 'missing.conf')])).toMatchObject({
    exitCode: 2,
  });
  expect(await runCommand(['explain', 'election'])).toMatchObject({ exitCode: 2 });
  expect(await runCommand(['explain', 'election', '--at-once', '0', nothing])).toMatchObject({ exitCode: 2 });
});
