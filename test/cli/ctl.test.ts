import { describe, expect, test } from 'vitest';
import { formatSeconds, parseDuration } from '../../src/cli/ctl-duration.ts';
import { isYes } from '../../src/cli/ctl-terminal.ts';
import type { ControlAnswer } from '../../src/daemon/control-socket/index.ts';
import { daemonWith, instanceStatus, vrrpWith } from '../daemon/control-socket/status.ts';
import { answering, ctl, interactive, path, requests, silent } from './ctl-bench.ts';

const alone: ControlAnswer = { ok: false, confirm: true, lines: ['VI_1: no peer was ever heard'] };

describe('failover and drain', () => {
  test('say what was done', async () => {
    await answering({ ok: true, lines: ['VI_1: 10.0.0.2 is Master'] });
    const words = ['failover', 'VI_1', '--for', '10m', '--reason', 'kernel update'];
    expect(await ctl(...words)).toEqual({ exitCode: 0, out: 'VI_1: 10.0.0.2 is Master\n', error: '' });
    expect(requests).toEqual([
      {
        kind: 'giveUp',
        hold: 'failover',
        instances: ['VI_1'],
        evenIfAlone: false,
        forMs: 600_000,
        reason: 'kernel update',
      },
    ]);
  });

  test('of all have to be asked for as such', async () => {
    await answering({ ok: true, lines: [] });
    expect(await ctl('drain')).toMatchObject({ exitCode: 2, error: expect.stringContaining('or say --all') });
    expect(await ctl('drain', '--all', 'VI_1')).toMatchObject({ exitCode: 2 });
    expect(requests).toEqual([]);
    expect((await ctl('drain', '--all')).exitCode).toBe(0);
    expect(requests).toMatchObject([{ hold: 'drain', instances: [] }]);
  });

  test('without a terminal do nothing until --yes is said', async () => {
    await answering(alone, { ok: true, lines: ['done'] });
    const first = await ctl('failover', 'VI_1');
    expect(first).toEqual({
      exitCode: 1,
      out: '',
      error: 'VI_1: no peer was ever heard\nNothing was done. With --yes it is done all the same.\n',
    });
    expect((await ctl('failover', 'VI_1', '--yes')).exitCode).toBe(0);
    expect(requests).toMatchObject([{ evenIfAlone: false }, { evenIfAlone: true }]);
  });

  test('at a terminal ask, and take a no for a no', async () => {
    await answering(alone, alone, { ok: true, lines: ['given up'] });
    const no = await interactive(false, 'drain', 'VI_1');
    expect(no).toMatchObject({ exitCode: 1, text: expect.stringMatching(/Nothing was done\.\n$/) });
    expect(requests).toHaveLength(1);
    const yes = await interactive(true, 'drain', 'VI_1');
    expect(yes).toMatchObject({ exitCode: 0, text: expect.stringMatching(/given up\n$/) });
    expect(yes.questions).toHaveLength(1);
    expect(requests.slice(1)).toMatchObject([{ evenIfAlone: false }, { evenIfAlone: true }]);
  });

  test('ask nobody when a program reads the answer', async () => {
    await answering(alone);
    const { exitCode, text, questions } = await interactive(true, 'drain', 'VI_1', '--json');
    expect(exitCode).toBe(1);
    expect(questions).toEqual([]);
    expect(JSON.parse(text)).toEqual(alone);
  });

  test('that are refused for another reason are not asked about', async () => {
    await answering({ ok: false, lines: ['no instance is called VI_9'] });
    const { exitCode, questions } = await interactive(true, 'failover', 'VI_9');
    expect([exitCode, questions]).toEqual([1, []]);
  });

  test.each(['10x', '', '0', '367d', '-5', '1e3'])('--for %j is refused', async (time) => {
    expect(await ctl('drain', 'VI_1', `--for=${time}`)).toMatchObject({ exitCode: 2 });
  });
});

describe('resume and reload', () => {
  test('resume means all unless it names some', async () => {
    await answering({ ok: true, lines: ['resumed'] }, { ok: true, lines: [] });
    expect(await ctl('resume')).toMatchObject({ exitCode: 0, out: 'resumed\n' });
    await ctl('resume', 'VI_1', 'VI_2');
    expect(requests).toEqual([
      { kind: 'resume', instances: [] },
      { kind: 'resume', instances: ['VI_1', 'VI_2'] },
    ]);
  });

  test('reload tells what was refused', async () => {
    await answering(
      { ok: true, lines: ['Reload complete', 'instance is now b'] },
      { ok: false, lines: ['x:1:1: broken'] },
    );
    expect(await ctl('reload')).toMatchObject({ exitCode: 0, out: 'Reload complete\ninstance is now b\n' });
    expect(await ctl('reload')).toMatchObject({ exitCode: 1, out: '', error: 'x:1:1: broken\n' });
  });
});

describe('without a daemon', () => {
  test('the status is 3, and the message says where it was looked for', async () => {
    expect(await ctl('status')).toMatchObject({ exitCode: 3, out: '', error: expect.stringContaining(path) });
    const json = await ctl('reload', '--json');
    expect(json.exitCode).toBe(3);
    expect(JSON.parse(json.out)).toMatchObject({ ok: false });
  });

  test('one that does not answer in time is there, so that the status is 1', async () => {
    await silent();
    expect(await ctl('reload', '--timeout', '50ms')).toMatchObject({
      exitCode: 1,
      error: 'holdfast has not answered within 0.05 s\n',
    });
  });
});

describe('the status', () => {
  const backup = instanceStatus({
    name: 'VI_2',
    state: 'Backup',
    reason: 'higher-priority',
    sinceSeconds: 12,
    effectivePriority: 150,
    master: '10.0.0.2',
    masterHeardSecondsAgo: 0.3,
    hold: { kind: 'drain', forSeconds: 540, reason: 'kernel update' },
    addresses: ['10.0.0.101/24', '10.0.0.102/24'],
  });

  const status = daemonWith({ vrrp: vrrpWith({ instances: [instanceStatus(), backup] }) });
  const answer: ControlAnswer = { ok: true, lines: [], daemon: status };

  test('is a line for each instance, and below it what explains it', async () => {
    await answering(answer);
    const { exitCode, out } = await ctl('status');
    expect(exitCode).toBe(0);
    expect(out.split('\n').slice(2, 9)).toEqual([
      '! the vrrp process was started again 2 times',
      '',
      'INSTANCE  STATE   SINCE  PRIORITY    MASTER       LAST HEARD          ADDRESSES',
      'VI_1      Master  3d 4h  150-10=140  this router  10.0.0.2 0.4 s ago  10.0.0.100/24',
      '    because of master-down-expired',
      'VI_2      Backup  12 s   150         10.0.0.2     0.3 s ago           10.0.0.101/24 +1',
      '    ! held by drain for another 9m: kernel update',
    ]);
  });

  test('of one instance has its addresses, peers and counters', async () => {
    const statistics = { advertSent: 5, authFailure: 0 };
    const instances = [instanceStatus({ statistics }), backup];
    await answering({ ok: true, lines: [], daemon: daemonWith({ vrrp: vrrpWith({ instances }) }) });
    const { out } = await ctl('status', 'VI_1');
    expect(out).toContain('  heard 10.0.0.2, priority 100, 0.4 s ago\n');
    expect(out).toContain('  advertSent 5\n');
    expect(out).not.toContain('authFailure');
    expect(out).not.toContain('VI_2');
  });

  test('of an instance that there is not names those that there are', async () => {
    await answering(answer);
    expect(await ctl('status', 'VI_9')).toMatchObject({
      exitCode: 1,
      error: 'no instance is called VI_9; there are VI_1, VI_2\n',
    });
  });

  test('says first what is wrong', async () => {
    const configuration = { file: '/etc/k.conf', staleBecause: ['/etc/k.conf:3:1: broken'] };
    const broken = instanceStatus({
      state: 'Fault',
      faults: ['interface eth0 is down'],
      rival: { address: '10.0.0.9', forSeconds: 3 },
    });
    const trackers = [{ kind: 'script', name: 'chk', isUp: false }] as const;
    const vrrp = vrrpWith({ instances: [broken], trackers });
    await answering({ ok: true, lines: [], daemon: daemonWith({ configuration, vrrp }) });
    const { out } = await ctl('status');
    expect(out).toContain('! the last reload was refused');
    expect(out).toContain('/etc/k.conf:3:1: broken\n');
    expect(out).toContain('    ! interface eth0 is down\n');
    expect(out).toContain('    ! two masters: 10.0.0.9 has been Master as well for 3.0 s\n');
    expect(out).toMatch(/^chk +script +DOWN$/m);
    expect(out).toContain('late by p50 1.00 ms, p99 2.00 ms, p99.9 3.00 ms, at most 4.00 ms, over 1m\n');
  });

  test('says that the vrrp process is silent', async () => {
    await answering({ ok: true, lines: [], daemon: daemonWith({ vrrpSilence: 'it does not answer' }) });
    expect((await ctl('status')).out).toContain('VRRP: it does not answer\n');
  });

  test('--json is the whole of it', async () => {
    await answering(answer);
    expect(JSON.parse((await ctl('status', '--json')).out)).toEqual(status);
  });

  test('--watch goes on when the daemon is away for a moment', async () => {
    await answering(answer, { ok: false, lines: ['away'] }, answer);
    const { exitCode, text } = await interactive(true, 'status', '--watch', '--json');
    expect(exitCode).toBe(0);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).ok),
    ).toEqual([undefined, false, undefined]);
  });
});

describe('times', () => {
  test.each([
    ['90', 90_000],
    ['90s', 90_000],
    ['1.5m', 90_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1d', 86_400_000],
    ['m', undefined],
    ['10 m', undefined],
    ['1h-5m', undefined],
  ])('%j is %j ms', (text, timeMs) => {
    expect(parseDuration(text)).toBe(timeMs);
  });

  test.each([
    [0.04, '0.0 s'],
    [9.94, '9.9 s'],
    [12.4, '12 s'],
    [60, '1m'],
    [3599, '59m 59s'],
    [7260, '2h 1m'],
    [360_000, '4d 4h'],
  ])('%d s is shown as %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });

  test.each([
    ['y', true],
    [' Yes\n', true],
    ['', false],
    ['no', false],
    ['yep', false],
  ])('%j to a question is %j', (reply, isIt) => {
    expect(isYes(reply)).toBe(isIt);
  });
});
