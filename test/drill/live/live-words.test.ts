/** What a live drill is told and what it may say: probes, neighbour tables, the control socket, the times that it waits. */
import { expect, test } from 'vitest';
import type { ControlRequest } from '../../../src/daemon/control-socket/index.ts';
import { statusReader, switchControl } from '../../../src/drill/live/control-access.ts';
import { planSwitchover, type TimingFacts } from '../../../src/drill/live/live-timing.ts';
import { readArpTable } from '../../../src/drill/live/neighbour-table.ts';
import { readTarget } from '../../../src/drill/live/probe-targets.ts';
import { parsedNode } from '../parsed-node.ts';

test.each([
  ['http://10.0.0.3/www/', { name: '10.0.0.3:80/tcp', kind: 'http', port: 80, path: '/www/' }],
  [
    'https://[2001:db8::3]:8443',
    { name: '[2001:db8::3]:8443/tcp', address: '2001:db8::3', port: 8443, path: '/' },
  ],
  ['tcp://10.0.0.3:25', { name: '10.0.0.3:25/tcp', kind: 'tcp', port: 25 }],
])('%s is a probe', (text, target) => {
  expect(readTarget(text)).toMatchObject({ ok: true, target });
});

test.each([
  ['http://www.example.org/', /names are not looked up/],
  ['tcp://10.0.0.3', /needs a port/],
  ['tcp://10.0.0.3:25/x', /has no path/],
  ['http://10.0.0.3:70000/', /1 to 65535/],
  ['udp://10.0.0.3:53', /write http:/],
  ['10.0.0.3', /write http:/],
])('%s is none, with the reason', (text, problem) => {
  expect(readTarget(text)).toMatchObject({ ok: false, problem: expect.stringMatching(problem) });
});

test('of the ARP table only complete entries of the addresses in question count', () => {
  const text = `IP address       HW type     Flags       HW address            Mask     Device
10.0.0.3         0x1         0x2         B2:08:62:23:FF:C8     *        eth0
10.0.0.4         0x1         0x0         00:00:00:00:00:00     *        eth0
10.0.0.7         0x1         0x2         02:00:00:00:00:07     *        eth0
`;
  expect([...readArpTable(text, ['10.0.0.3', '10.0.0.4'])]).toEqual([['10.0.0.3', 'b2:08:62:23:ff:c8']]);
});

test('a watch can ask the daemon for its status and for nothing else', async () => {
  const asked: ControlRequest[] = [];
  const reader = statusReader('/nowhere', (request) => {
    asked.push(request);
    return Promise.resolve({ ok: false, lines: ['it does not know'] });
  });
  await expect(reader.status()).rejects.toThrow('the daemon did not tell its status: it does not know');
  expect(asked).toEqual([{ kind: 'status' }]);
  expect(Object.keys(reader)).toEqual(['status']);
});

test('a switchover gives up with a time limit, and as a reserve', async () => {
  const asked: ControlRequest[] = [];
  const control = switchControl('/nowhere', (request) => {
    asked.push(request);
    return Promise.resolve({ ok: true, lines: [] });
  });
  await control.giveUp(['VI_1'], 20_000);
  await control.resume(['VI_1']);
  expect(asked).toMatchObject([
    { kind: 'giveUp', hold: 'failover', instances: ['VI_1'], forMs: 20_000 },
    { kind: 'resume', instances: ['VI_1'] },
  ]);
});

const facts: TimingFacts = {
  wish: {
    instances: ['VI_1'],
    steadyMs: 5000,
    holdMs: 10_000,
    peerHeardWithinMs: undefined,
    evenIfAlone: false,
  },
  timeoutMs: 60_000,
  limits: [],
  instances: [],
  config: undefined,
  seenIntervalMs: undefined,
};

function configOf(lines: string): TimingFacts['config'] {
  const text = `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 150
  ${lines}
  virtual_ipaddress { 10.0.0.3/24 }
}
`;
  return parsedNode('lb01', text).config;
}

test('without any knowledge it waits as with an interval of 1 s', () => {
  // Three intervals, a second for Skew_Time of the lowest priority, two of patience; the daemon five more.
  expect(planSwitchover(facts)).toMatchObject({
    longestSilenceMs: 6000,
    deadManMs: 21_000,
    expectsReturn: true,
  });
});

test('the interval comes from the file or the wire, whichever is longer', () => {
  const config = configOf('advert_int 2');
  expect(planSwitchover({ ...facts, config })).toMatchObject({ longestSilenceMs: 10_000 });
  expect(planSwitchover({ ...facts, config, seenIntervalMs: 3000 })).toMatchObject({
    longestSilenceMs: 14_000,
  });
  expect(planSwitchover({ ...facts, seenIntervalMs: 100 })).toMatchObject({ longestSilenceMs: 3300 });
});

test('nobody comes back with nopreempt, and later with preempt_delay', () => {
  expect(planSwitchover({ ...facts, config: configOf('state BACKUP\nnopreempt') }).expectsReturn).toBe(false);
  const plain = planSwitchover({ ...facts, config: configOf('') }).returnLimitMs;
  expect(planSwitchover({ ...facts, config: configOf('preempt_delay 30') }).returnLimitMs).toBe(
    plain + 30_000,
  );
});
