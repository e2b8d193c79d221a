/** The whole shell on a host without a kernel: what keywords of global_defs change in it. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ChildOptions, NotifyEvent } from '../../../src/daemon/ipc.ts';
import { VrrpProcess } from '../../../src/daemon/vrrp-process/vrrp-process.ts';
import type { SocketPlace, VrrpSocketHandlers } from '../../../src/kernel/vrrp-socket.ts';
import { address } from '../../../src/net/address.ts';
import { blockOf, instanceWith, parseText } from '../../config-parser/parse-helpers.ts';
import { FakeMonitor, fakeKernel, fakeLog, link, wordsOf } from './fakes.ts';

vi.mock('node:os', async (original) => ({ ...(await original<object>()), uptime: () => 100 }));

const options: ChildOptions = { keepAddressesOnExit: false, keepIpvsOnExit: false, logDetail: false };

/** Its address is on an interface that is not there, so that nothing is announced on this host. */
function fileOf(globals: string, ...lines: readonly string[]): string {
  return `${blockOf('global_defs', globals)}\n${instanceWith(...lines).replace('/24', '/24 dev nowhere')}`;
}

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const end of ended.splice(0)) await end();
});

function host() {
  const kernel = fakeKernel();
  const { log, lines } = fakeLog();
  const events: NotifyEvent[] = [];
  const opened: { readonly place: SocketPlace; readonly handlers: VrrpSocketHandlers }[] = [];
  const monitor = new FakeMonitor(link('eth0'));
  const vrrp = new VrrpProcess(
    {
      ...kernel,
      monitor,
      log,
      rehearsal: { run: () => undefined },
      notify: (some) => events.push(...some),
      onNotPermitted: () => undefined,
      socketKernel: {
        openSocket: (place, handlers) => {
          opened.push({ place, handlers });
          const nothing = () => undefined;
          const quiet = { send: nothing, setReceiveBuffer: nothing, setPace: nothing, close: nothing };
          return { ...quiet, descriptor: -1, receivePending: () => 0 };
        },
        ready: { add: () => undefined, remove: () => undefined, readable: () => [] },
      },
    },
    options,
  );
  ended.push(() => vrrp.stop(true));
  const configure = (text: string) => vrrp.configure(parseText(text).config, options);
  const states = () => vrrp.table.all.map(({ state }) => state.name);
  return { vrrp, configure, states, lines, events, opened, monitor, asked: kernel.asked };
}

describe('the start', () => {
  test('is at once without a word', async () => {
    const { configure, states } = host();
    await configure(fileOf(''));
    expect(states()).toEqual(['Backup']);
  });

  test.each([
    ['vrrp_startup_delay 2.5', 2500],
    ['vrrp_delay_after_boot 160', 60_000],
    ['vrrp_startup_delay 5\nvrrp_delay_after_boot 160', 60_000],
  ])('is put off by %s, which the log says', async (line, delayMs) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { configure, states, lines } = host();
    await configure(fileOf(line));
    await vi.advanceTimersByTimeAsync(delayMs - 1000);
    expect(states()).toEqual([]);
    expect(lines[0]).toMatch(/^Delaying startup of VRRP for [\d.]+ seconds$/);
    await vi.advanceTimersByTimeAsync(3000);
    expect(states()).toEqual(['Backup']);
  });

  test('is not put off once the machine has run for longer than vrrp_delay_after_boot', async () => {
    const { configure, states } = host();
    await configure(fileOf('vrrp_delay_after_boot 99'));
    expect(states()).toEqual(['Backup']);
  });

  test('is put off once: a reload during the delay counts from the start of the delay', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { configure, states } = host();
    await configure(fileOf('vrrp_startup_delay 10'));
    await vi.advanceTimersByTimeAsync(6000);
    await configure(fileOf('vrrp_startup_delay 10'));
    await vi.advanceTimersByTimeAsync(4500);
    expect(states()).toEqual(['Backup']);
  });
});

test.each([
  ['', []],
  ['log_unknown_vrids', ['Unknown VRID(99) received on interface(eth0) from 10.0.0.9']],
])('with %j a foreign VRID is told of as %j', async (line, expected) => {
  const { configure, opened, lines } = host();
  await configure(fileOf(line));
  const payload = Uint8Array.of(0x21, 99, 100, 0, 0, 1, 0, 0);
  const datagram = {
    source: address('10.0.0.9'),
    destination: address('224.0.0.18'),
    hopLimit: 255,
    payload,
  };
  opened[0]?.handlers.onDatagram(datagram, 5);
  opened[0]?.handlers.onDatagram(datagram, 6);
  expect(lines.filter((text) => text.includes('VRID'))).toEqual(expected);
});

describe('a reload', () => {
  test.each([
    ['', []],
    ['fifo_write_vrrp_states_on_reload', ['instance VI_1 BACKUP']],
  ])('with %j tells of %j', async (line, expected) => {
    const { configure, events } = host();
    await configure(fileOf(line));
    events.length = 0;
    await configure(fileOf(line, 'garp_master_repeat 2'));
    expect(wordsOf(events)).toEqual(expected);
  });

  test('keeps the instance that it changes, ends the one that it removes, and tells it apart (notify_deleted)', async () => {
    const { configure, vrrp, events } = host();
    await configure(fileOf(''));
    const [kept] = vrrp.table.all;
    await configure(fileOf('', 'garp_master_repeat 2').replace('VI_1', 'VI_9'));
    expect(vrrp.table.all).toEqual([kept]);
    await configure('');
    expect(vrrp.table.all).toEqual([]);
    expect(wordsOf(events)).toEqual(['instance VI_1 BACKUP', 'instance VI_9 DELETED']);
  });
});

describe('an interface that comes later', () => {
  test.each(['', 'dynamic_interfaces', 'dynamic_interfaces allow_if_changes'])(
    'ends the fault with %j: it need not be there at the start',
    async (line) => {
      const { configure, states, monitor, vrrp } = host();
      monitor.table.clear();
      await configure(fileOf(line));
      expect(states()).toEqual(['Fault']);
      monitor.table.set('eth0', link('eth0', { kind: 'bridge' }));
      vrrp.linkEvents.handle({ kind: 'linkChanged', link: link('eth0'), previous: undefined }, 0);
      expect(states()).toEqual(['Backup']);
    },
  );
});

test('addresses of an earlier run are taken away before the instance starts', async () => {
  const { configure, asked, monitor } = host();
  const held = { address: address('192.0.2.10'), prefixLength: 24, scope: 0 };
  const flags = { isSecondary: false, isTentative: false };
  monitor.table.set('eth5', link('eth5', { hasArp: false, addresses: [{ ...held, ...flags }] }));
  await configure(fileOf('').replace('nowhere', 'eth5').replace('interface eth0', 'interface eth9'));
  expect(asked).toEqual(['remove 192.0.2.10 on eth5']);
});
