import { describe, expect, test } from 'vitest';
import { checkerWith, daemonWith, realServerStatus, vrrpWith } from '../daemon/control-socket/status.ts';
import { answering, ctl, interactive, requests } from './ctl-bench.ts';

describe('servers', () => {
  const daemon = (...servers: Parameters<typeof checkerWith>) => ({
    ok: true as const,
    lines: [],
    daemon: daemonWith({ vrrp: vrrpWith(), checker: checkerWith(...servers) }),
  });

  test('are told with what is wrong with them below', async () => {
    const failed = {
      kind: 'failed',
      reason: 'refused',
      detail: 'The server refused it.',
      elapsedMs: 0.4,
    } as const;
    const down = realServerStatus({
      name: '10.0.0.8:80',
      isUp: false,
      effectiveWeight: 0,
      hold: { forSeconds: 600, reason: 'new kernel' },
      checkers: [{ kind: 'TCP_CHECK', state: 'down', results: [{ secondsAgo: 2, outcome: failed }] }],
    });
    await answering(daemon([realServerStatus(), down]));
    const { out, exitCode } = await ctl('servers');
    expect(exitCode).toBe(0);
    expect(out).toContain('[10.0.0.3]:tcp:80 rr: live weight 3, quorum 1');
    expect(out).toMatch(/10\.0\.0\.7:80 +up +3 +DR +2 +5 +4\.0 s ago/);
    expect(out).toMatch(/10\.0\.0\.8:80 +DOWN +0 \(of 3\)/);
    expect(out).toContain('! drained for another 10m: new kernel');
    expect(out).toContain('! TCP_CHECK, 2.0 s ago: failed: The server refused it. (0.4 ms)');
  });

  test('that are not there are named beside those that are', async () => {
    await answering(daemon());
    const { error, exitCode } = await ctl('servers', 'nothing');
    expect(exitCode).toBe(1);
    expect(error).toBe('no virtual server is called nothing; there are [10.0.0.3]:tcp:80\n');
  });

  test('are drained by name, for a time and with a reason', async () => {
    await answering({ ok: true, lines: ['drained'] });
    const words = ['10.0.0.7:80', '--of', '[10.0.0.3]:tcp:80', '--for', '10m', '--reason', 'new kernel'];
    expect(await ctl('drain-server', ...words)).toMatchObject({ exitCode: 0, out: 'drained\n' });
    expect(requests).toEqual([
      {
        kind: 'drainServer',
        virtualServer: '[10.0.0.3]:tcp:80',
        realServer: '10.0.0.7:80',
        forMs: 600_000,
        reason: 'new kernel',
        evenIfLast: false,
      },
    ]);
  });

  test('are not drained when nobody would be left to serve, unless somebody says so', async () => {
    const last = { ok: false, lines: ['it is the last one'], confirm: true } as const;
    await answering(last, { ok: true, lines: ['drained'] });
    const asked = await interactive(true, 'drain-server', '10.0.0.7');
    expect(asked).toMatchObject({ exitCode: 0, questions: ['Drain it all the same?'] });
    expect(requests.at(-1)).toMatchObject({ evenIfLast: true });
  });

  test('are waited for until the kernel counts no connection of them', async () => {
    const held = (active: number) =>
      daemon([realServerStatus({ hold: {}, connections: { active, inactive: 0 } })]);
    await answering({ ok: true, lines: ['drained'] }, held(1), held(0));
    const { exitCode, text } = await interactive(true, 'drain-server', '10.0.0.7', '--wait');
    expect(requests.map(({ kind }) => kind)).toEqual(['drainServer', 'status', 'status']);
    expect({ exitCode, text }).toEqual({ exitCode: 0, text: 'drained\nNo connection is left\n' });
  });

  test('must be named', async () => {
    expect(await ctl('drain-server')).toMatchObject({ exitCode: 2 });
    expect(await ctl('resume-server')).toMatchObject({ exitCode: 2 });
  });
});
