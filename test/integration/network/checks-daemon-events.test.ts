/** What a change of health brings about in the whole daemon: quorum and sorry server, scripts, the named pipe, weights, operators. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CheckDaemon, patienceMs } from './checks-daemon-fixture.ts';
import { ChosenStatus, PipeReader, Recorder, replaceFile } from './checks-daemon-recorders.ts';
import { createVethPair, type VethPair } from './namespace-fixture.ts';

const patiently = { timeout: patienceMs, interval: 50 };
const folder = mkdtempSync(join(tmpdir(), 'holdfast-checks-events-'));
const recorder = new Recorder(folder);
const fifo = new PipeReader(folder);
const checkA = new ChosenStatus(folder, 'check-a');
const checkB = new ChosenStatus(folder, 'check-b');
const dynamic = new ChosenStatus(folder, 'check-dynamic');
const alpha = new ChosenStatus(folder, 'check-alpha', 1);
const broken = new ChosenStatus(folder, 'check-broken', 1);
const loadFile = join(folder, 'load');

const quorum = '[198.51.100.1]:tcp:80';
const weights = '[198.51.100.2]:tcp:80';
const start = '[198.51.100.3]:tcp:80';
const inhibited = '[198.51.100.4]:tcp:80';
const server = (last: number) => `[192.0.2.${last}]:tcp:80`;

const common = 'delay_loop 1\n  warmup 0\n  lb_algo rr\n  lb_kind NAT\n  protocol TCP';
const misc = (path: string, more = '') => `MISC_CHECK {\n      misc_path "${path}"\n      ${more}\n    }`;

const configuration = `global_defs {
  script_user root
  lvs_notify_fifo ${fifo.path}
}
track_file load {
  file ${loadFile}
  weight 2
}
virtual_server 198.51.100.1 80 {
  ${common}
  quorum 2
  omega
  quorum_up "${recorder.path} quorum_up"
  quorum_down "${recorder.path} quorum_down 'of two'"
  sorry_server 192.0.2.9 80
  real_server 192.0.2.11 80 {
    notify_up "${recorder.path} up a"
    notify_down "${recorder.path} down a"
    ${misc(checkA.path)}
  }
  real_server 192.0.2.12 80 {
    notify_down "${recorder.path} down b"
    ${misc(checkB.path)}
  }
}
virtual_server 198.51.100.2 80 {
  ${common}
  real_server 192.0.2.21 80 {
    weight 3
    ${misc(dynamic.path, 'misc_dynamic')}
  }
  real_server 192.0.2.22 80 {
    weight 10
    FILE_CHECK {
      track_file load
    }
  }
}
virtual_server 198.51.100.3 80 {
  ${common}
  real_server 192.0.2.31 80 {
    alpha
    ${misc(alpha.path)}
  }
}
virtual_server 198.51.100.4 80 {
  ${common}
  real_server 192.0.2.41 80 {
    inhibit_on_failure
    ${misc(broken.path, 'retry 3\n      log_all_failures')}
  }
}
`;

let pair: VethPair;
let daemon: CheckDaemon;

const about = (name: string, mark = 0) => daemon.textFrom(mark).filter((text) => text.includes(name));
const subject = (last: number, of: string, { path }: ChosenStatus) =>
  `Misc check for [${server(last)} VS ${of}] by [${path}]`;

beforeAll(async () => {
  pair = createVethPair();
  writeFileSync(loadFile, '0\n');
  const configurationFile = join(folder, 'director.conf');
  writeFileSync(configurationFile, configuration);
  daemon = new CheckDaemon({ namespace: pair.left, folder, configurationFile });
  await daemon.line(`${subject(12, quorum, checkB)} succeeded.`);
  await daemon.line(`${subject(11, quorum, checkA)} succeeded.`);
});

afterAll(async () => {
  await daemon.stop();
  fifo.close();
  pair.remove();
  rmSync(folder, { recursive: true });
});

test('a start with the quorum is told to nobody', () => {
  expect(about(quorum)[0]).toBe(`Gained quorum 2+0=2 <= 2 for VS ${quorum}`);
  expect(fifo.lines.filter((line) => line.includes(quorum))).toEqual([]);
  expect(recorder.calls).toEqual([]);
});

test('a quorum that is lost brings the sorry server, the scripts and the lines of the pipe, and so does its return', async () => {
  const told = fifo.lines.length;
  const lost = daemon.mark;
  checkA.choose(4);
  await daemon.line(`Removing alive servers from the pool for VS ${quorum}`, lost);
  expect(about(quorum, lost)).toEqual([
    ...Array(2).fill(`${subject(11, quorum, checkA)} failed. The program exited with status 4.`),
    `Removing service ${server(11)} from VS ${quorum}`,
    `Lost quorum 2-0=2 > 1 for VS ${quorum}`,
    `Adding sorry server ${server(9)} to VS ${quorum}`,
    `Removing alive servers from the pool for VS ${quorum}`,
  ]);
  await vi.waitFor(() => expect(recorder.calls).toHaveLength(2), patiently);
  expect([...recorder.calls].sort()).toEqual(['<down><a>', '<quorum_down><of two>']);

  const gained = daemon.mark;
  checkA.choose(0);
  await daemon.line(`Adding alive servers to the pool for VS ${quorum}`, gained);
  expect(about(quorum, gained)).toEqual([
    `${subject(11, quorum, checkA)} succeeded.`,
    `Adding service ${server(11)} to VS ${quorum}`,
    `Gained quorum 2+0=2 <= 2 for VS ${quorum}`,
    `Removing sorry server ${server(9)} from VS ${quorum}`,
    `Adding alive servers to the pool for VS ${quorum}`,
  ]);
  await vi.waitFor(() => expect(recorder.calls).toHaveLength(4), patiently);
  expect([...recorder.calls.slice(2)].sort()).toEqual(['<quorum_up>', '<up><a>']);
  const lines = () => fifo.lines.slice(told).filter((line) => line.includes(quorum));
  await vi.waitFor(() => expect(lines()).toHaveLength(4), patiently);
  expect(lines()).toEqual([
    `RS ${server(11)} ${quorum} DOWN`,
    `VS ${quorum} DOWN`,
    `RS ${server(11)} ${quorum} UP`,
    `VS ${quorum} UP`,
  ]);
});

test('a server that fails its first attempt is down at once, whatever its retries, and is disabled where it is inhibited', async () => {
  const name = subject(41, inhibited, broken);
  await daemon.line(`Disabling service ${server(41)} of VS ${inhibited}`);
  const lines = about(inhibited);
  const failed = `${name} failed. The program exited with status 1.`;
  expect(lines.slice(0, 6)).toEqual([
    `Gained quorum 1+0=1 <= 1 for VS ${inhibited}`,
    `Activating healthchecker for service ${server(41)} for VS ${inhibited}`,
    failed,
    failed,
    `Disabling service ${server(41)} of VS ${inhibited}`,
    `Lost quorum 1-0=1 > 0 for VS ${inhibited}`,
  ]);
  // log_all_failures: also of a server that is down already.
  await vi.waitFor(() => expect(about(name).length).toBeGreaterThan(3), patiently);
});

test('with alpha a server begins as down, and its first good attempt brings it', async () => {
  expect(about(start).slice(0, 2)).toEqual([
    `Starting with quorum down 1+0=1 > 0 for VS ${start}`,
    `Activating healthchecker for service ${server(31)} for VS ${start}`,
  ]);
  const mark = daemon.mark;
  alpha.choose(0);
  await daemon.line(`Gained quorum 1+0=1 <= 1 for VS ${start}`, mark);
  expect(about(start, mark)).toEqual([
    `${subject(31, start, alpha)} succeeded.`,
    `Adding service ${server(31)} to VS ${start}`,
    `Gained quorum 1+0=1 <= 1 for VS ${start}`,
  ]);
});

test('weights follow misc_dynamic and a track_file, with a line for each change', async () => {
  const mark = daemon.mark;
  dynamic.choose(9);
  await daemon.line(`Changing weight from 3 to 7 for active service ${server(21)} of VS ${weights}`, mark);
  replaceFile(loadFile, '-3\n');
  await daemon.line(`Changing weight from 10 to 4 for active service ${server(22)} of VS ${weights}`, mark);
  replaceFile(loadFile, '5\n');
  await daemon.line(`Changing weight from 4 to 20 for active service ${server(22)} of VS ${weights}`, mark);
  // Success without a weight leaves the one that was set.
  dynamic.choose(0);
  await vi.waitFor(async () => {
    const { realServers } = await daemon.virtualServer(weights);
    const [check] = realServers[0]?.checkers ?? [];
    const outcome = check?.results[0]?.outcome;
    expect(outcome).toMatchObject({ kind: 'ok' });
    expect(outcome).not.toHaveProperty('weight');
  }, patiently);
  expect((await daemon.virtualServer(weights)).realServers.map((real) => real.effectiveWeight)).toEqual([
    7, 20,
  ]);
  expect(about(weights, mark)).toHaveLength(3);
});

test('a drained server gets weight 0 until it is resumed, and the log names the operator and the reason', async () => {
  const mark = daemon.mark;
  const drained = daemon.ctl('drain-server', '192.0.2.22', '--of', weights, '--reason', 'new disks');
  expect(drained).toMatchObject({ status: 0, stderr: '' });
  await daemon.line(`Changing weight from 20 to 0 for active service ${server(22)} of VS ${weights}`, mark);
  expect(daemon.ctl('servers', weights).stdout).toContain('! drained until resume: new disks');
  expect(daemon.ctl('resume-server', '192.0.2.22')).toMatchObject({ status: 0, stderr: '' });
  await daemon.line(`Changing weight from 0 to 20 for active service ${server(22)} of VS ${weights}`, mark);
  const asked = about(`${server(22)} of ${weights}`, mark);
  expect(asked).toEqual([
    `As an operator asked (new disks): ${server(22)} of ${weights} gets no new connections until it is resumed`,
    `As an operator asked: ${server(22)} of ${weights} gets new connections again when its checks say that it is well`,
  ]);
});

test('a drain that would lose the quorum is refused, and changes nothing', async () => {
  const mark = daemon.mark;
  const refused = daemon.ctl('drain-server', '192.0.2.11', '--of', quorum);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain(
    'would lose its quorum of 2: 1 would be left, and the sorry server would take over',
  );
  expect(about(quorum, mark)).toEqual([]);
});

test('at a stop every server is named, and with omega all are told that it is down', async () => {
  const [mark, called, told] = [daemon.mark, recorder.calls.length, fifo.lines.length];
  await daemon.stop();
  for (const [last, of] of [
    [11, quorum],
    [12, quorum],
    [21, weights],
    [31, start],
  ] as const) {
    expect(daemon.textFrom(mark)).toContain(`Shutting down service ${server(last)} from VS ${of}`);
  }
  expect([...recorder.calls.slice(called)].sort()).toEqual([
    '<down><a>',
    '<down><b>',
    '<quorum_down><of two>',
  ]);
  expect(fifo.lines.slice(told)).toEqual([
    `RS ${server(11)} ${quorum} DOWN`,
    `RS ${server(12)} ${quorum} DOWN`,
    `VS ${quorum} DOWN`,
  ]);
});
