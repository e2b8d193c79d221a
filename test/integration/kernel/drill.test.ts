/** All scenarios on the tutorial's pair with IPVS, on the kernel that these tests run on or the one that they boot. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DrillReport } from '../../../src/drill/report/report.ts';
import { scenarios } from '../../../src/drill/scenarios/index.ts';
import { until } from '../../../src/drill/until.ts';
import {
  type DrillRun,
  failuresOf,
  lastingFailures,
  removeFolders,
  scenarioOf,
  startDrill,
} from '../network/drill-fixture.ts';

let drill: DrillRun;
let report: DrillReport;

beforeAll(async () => {
  drill = startDrill('', ['--seed', '7'], 'auto');
  await drill.ended;
  report = drill.report();
}, 900_000);
afterAll(removeFolders);

test('everything holds, and the exit status says so', async () => {
  expect(await drill.ended).toBe(failuresOf(report).length === 0 ? 0 : 1);
  expect(await lastingFailures(report, '', 'auto')).toEqual([]);
}, 600_000);

test('every scenario was played, or is skipped with a reason', () => {
  expect(report.scenarios.map(({ name }) => name)).toEqual([
    'steady-state',
    ...scenarios.map(({ name }) => name),
  ]);
  const skipped = report.scenarios.filter(({ verdict }) => verdict === 'skipped');
  for (const { reason } of skipped) expect(reason).toMatch(/process|vrrp_script|clock/);
});

test('the tables of both directors are compared with their files and with each other', () => {
  expect(scenarioOf(report, 'sigkill').runs[0]?.tables).toMatchObject({
    areEqual: true,
    asConfigured: true,
    nodes: [{ node: 'lb01' }, { node: 'lb02' }],
  });
});

test('a server that refuses leaves the tables by the times of its check, and clients go on with the other', () => {
  const [run] = scenarioOf(report, 'rs-refusing').runs;
  const out = run?.figures.find(({ name }) => name === 'server-out');
  expect(out?.value).toBeGreaterThan(3 * 3000);
  const servers = run?.traffic[0]?.servers.filter(({ answers }) => answers > 0) ?? [];
  expect(servers.length).toBeGreaterThan(0);
});

test('a server that hangs is said to be beyond what TCP_CHECK can see', () => {
  const [run] = scenarioOf(report, 'rs-hung').runs;
  expect(run?.findings.find(({ id }) => id === 'server-unnoticed')?.what).toContain(
    'TCP_CHECK cannot see that a server hangs',
  );
});

test('a cleared table is filled again without anybody', () => {
  expect(scenarioOf(report, 'ipvs-cleared').verdict).toBe('pass');
});

test('a pair with an 802.1Q interface, NAT, TUN, DNS and SMTP is built, and fails over as a whole', async () => {
  const names = ['power-off', 'rs-500', 'rs-all-down'];
  const other = startDrill('many-kinds-', ['--scenario', names.join(',')], 'auto');
  await other.ended;
  const found = other.report();
  expect(await lastingFailures(found, 'many-kinds-', 'auto'), other.said()).toEqual([]);
  expect(found.topology?.services.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    '10.1.0.10:80/tcp http',
    '10.1.0.11:53/udp dns',
    '10.1.0.12:25/tcp smtp',
  ]);
  for (const { servers } of scenarioOf(found, 'power-off').runs[0]?.traffic ?? [])
    expect(servers.length).toBeGreaterThan(0);
}, 500_000);

test('a pair of both families with GRE, GUE, FULLNAT and BFD is built, and fails over as a whole', async () => {
  const other = startDrill('all-modes-', ['--scenario', 'link-down,rs-killed'], 'auto');
  await other.ended;
  const found = other.report();
  expect(await lastingFailures(found, 'all-modes-', 'auto'), other.said()).toEqual([]);
  const served = scenarioOf(found, 'link-down').runs[0]?.traffic ?? [];
  expect(
    served.map(({ service, servers }) => [service, servers.filter(({ answers }) => answers > 0).length]),
  ).toEqual([
    ['10.2.0.20:80/tcp', 3],
    ['10.2.0.22:80/tcp', 2],
    ['[fd00:2::10]:80/tcp', 2],
    ['[fd00:2::11]:80/tcp', 1],
    ['[fd00:2::12]:80/tcp', 1],
  ]);
}, 500_000);

test('Ctrl-C ends a drill in the embedded kernel with status 3 and a report', async () => {
  const interrupted = startDrill('', ['--scenario', 'sigkill'], 'auto');
  await until('the scenario has begun', 120_000, () => interrupted.said().includes('1 of 1'));
  interrupted.child.kill('SIGINT');
  expect(await interrupted.ended, interrupted.said()).toBe(3);
  expect(interrupted.report()).toMatchObject({
    verdict: 'aborted',
    exitStatus: 3,
    cleanUp: { isClean: true },
  });
}, 240_000);
