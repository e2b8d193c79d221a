/** What is changed and undone, on hosts in memory. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  emptyRecord,
  findDeviations,
  type Mode,
  planDown,
  planUp,
  type RealServerRecord,
  virtualIp,
} from '../../src/realserver/index.ts';
import { FakeHost } from './fake-host.ts';

let host: FakeHost;
let record: RealServerRecord;
beforeEach(() => {
  host = new FakeHost();
  record = emptyRecord;
});

function vip(text: string, mode: Mode = 'dr', name?: string) {
  const parsed = virtualIp(text, mode, name);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

async function up(...vips: readonly ReturnType<typeof vip>[]): Promise<readonly string[]> {
  const plan = planUp(vips, host.now(), record);
  if (!plan.ok) throw new Error(plan.problems.join(' '));
  record = plan.record;
  for (const change of plan.changes) await host.make(change);
  expect(vips.flatMap((one) => findDeviations(one, host.now()))).toEqual([]);
  return plan.changes.map((change) => (change.kind === 'setting' ? change.path : change.kind));
}

async function down(...texts: readonly string[]) {
  const addresses = texts.length === 0 ? undefined : texts.map((text) => vip(text).address);
  const plan = planDown(addresses, host.now(), record);
  for (const step of plan.steps) {
    await host.undo(step.change);
    record = step.record;
  }
  record = plan.record;
  return plan;
}

function refusals(...vips: readonly ReturnType<typeof vip>[]): readonly string[] {
  const plan = planUp(vips, host.now(), record);
  return plan.ok ? [] : plan.problems;
}

describe('up', () => {
  test('silences the host before it has the address', async () => {
    expect(await up(vip('10.0.0.3'))).toEqual([
      'ipv4/conf/all/arp_ignore',
      'ipv4/conf/all/arp_announce',
      'ipv4/conf/lo/arp_ignore',
      'ipv4/conf/lo/arp_announce',
      'address',
    ]);
  });

  test('twice changes nothing the second time, and the record stays', async () => {
    await up(vip('10.0.0.3'), vip('2001:db8::3'));
    const before = record;
    expect(await up(vip('10.0.0.3'), vip('2001:db8::3'))).toEqual([]);
    expect(record).toEqual(before);
  });

  test('leaves stricter values as they are', async () => {
    host.settings.set('ipv4/conf/all/arp_ignore', '8');
    expect(await up(vip('10.0.0.3'))).not.toContain('ipv4/conf/all/arp_ignore');
  });

  test('silences an interface whose own value is larger and louder', async () => {
    host.settings.set('ipv4/conf/eth0/arp_ignore', '3');
    expect(await up(vip('10.0.0.3'))).toContain('ipv4/conf/eth0/arp_ignore');
    await down();
    expect(host.settings.get('ipv4/conf/eth0/arp_ignore')).toBe('3');
  });

  test('takes the filter off the tunnel where it is strict for all', async () => {
    host.add('tunl0', { answersArp: false, isUp: false });
    host.settings.set('ipv4/conf/all/rp_filter', '1');
    await up(vip('10.0.0.3', 'tun'));
    expect(host.settings.get('ipv4/conf/tunl0/rp_filter')).toBe('2');
    expect(host.settings.get('ipv4/conf/all/rp_filter')).toBe('1');
  });

  test.each([
    ['lo', '10.0.0.3/24', /10\.0\.0\.3\/24 is on lo.*"ip address del 10\.0\.0\.3\/24 dev lo" first/],
    ['eth0', '10.0.0.3/24', /10\.0\.0\.3 is on eth0, which answers for it/],
  ])('refuses where %s has %s', (name, text, said) => {
    host.add(name, { isLoopback: name === 'lo', addresses: [text] });
    expect(refusals(vip('10.0.0.3'))).toEqual([expect.stringMatching(said)]);
  });

  test('refuses an interface that answers, is missing or, of lo, is down', () => {
    expect(refusals(vip('10.0.0.3', 'dr', 'eth0'))).toEqual([expect.stringContaining('use lo')]);
    expect(refusals(vip('10.0.0.3', 'dr', 'dummy0'))).toEqual(['There is no interface dummy0.']);
    host.add('lo', { isLoopback: true, isUp: false });
    expect(refusals(vip('10.0.0.3'))).toEqual([expect.stringContaining('"ip link set dev lo up"')]);
  });

  test('refuses an address that is up in another mode', async () => {
    await up(vip('10.0.0.3'));
    host.add('tunl0', { answersArp: false });
    expect(refusals(vip('10.0.0.3', 'tun'))).toEqual([
      expect.stringContaining('is up already, on lo with --mode dr; "holdfast realserver down 10.0.0.3"'),
    ]);
  });
});

describe('down', () => {
  test('leaves an address that was there before', async () => {
    host.add('lo', { isLoopback: true, addresses: ['10.0.0.3/32'] });
    const before = host.dump();
    await up(vip('10.0.0.3'));
    await down();
    expect(host.dump()).toEqual(before);
    expect(host.now().interfaces.find(({ name }) => name === 'lo')?.addresses).toHaveLength(1);
  });

  test('keeps what another address still needs', async () => {
    host.add('tunl0', { answersArp: false, isUp: false });
    const before = host.dump();
    await up(vip('10.0.0.3'), vip('10.0.0.4', 'tun'));
    await down('10.0.0.3');
    expect(findDeviations(vip('10.0.0.4', 'tun'), host.now())).toEqual([]);
    expect(host.settings.get('ipv4/conf/lo/arp_ignore')).toBe('0');
    expect(host.settings.get('ipv4/conf/all/arp_ignore')).toBe('1');
    await down('10.0.0.4');
    expect(host.dump()).toEqual(before);
    expect(record).toEqual(emptyRecord);
  });

  test('leaves a setting that somebody else has set since, and says so', async () => {
    await up(vip('10.0.0.3'));
    host.settings.set('ipv4/conf/all/arp_ignore', '2');
    const { notes } = await down();
    expect(notes).toEqual([
      'net.ipv4.conf.all.arp_ignore is 2, which somebody else has set: it stays (it was 0 before).',
    ]);
    expect(host.settings.get('ipv4/conf/all/arp_ignore')).toBe('2');
    expect(record).toEqual(emptyRecord);
  });

  test('leaves the tunnel up where somebody else has an address on it', async () => {
    host.add('tunl0', { answersArp: false, isUp: false });
    await up(vip('10.0.0.4', 'tun'));
    host.interfaces.get('tunl0')?.addresses.push({ text: '10.9.9.9', prefixLength: 32 });
    const { notes } = await down();
    expect(notes).toEqual(['tunl0 stays up: 10.9.9.9/32 is on it too.']);
    expect(host.interfaces.get('tunl0')?.isUp).toBe(true);
  });

  test('says which addresses it does not know', async () => {
    expect((await down('10.0.0.9')).unknown).toEqual(['10.0.0.9']);
  });

  test('a second up after somebody has set a value back still knows what was there first', async () => {
    host.settings.set('ipv4/conf/all/arp_announce', '1');
    const before = host.dump();
    await up(vip('10.0.0.3'));
    host.settings.set('ipv4/conf/all/arp_announce', '0');
    await up(vip('10.0.0.3'));
    await down();
    expect(host.dump()).toEqual(before);
  });
});

test('whatever was there before, whatever came up in which order and was cut short where: afterwards it is as before', async () => {
  const value = (values: readonly string[]) => fc.constantFrom(...values);
  const choices = [
    vip('10.0.0.3'),
    vip('10.0.0.4'),
    vip('10.0.0.5', 'tun'),
    vip('2001:db8::3'),
    vip('2001:db8::4', 'tun'),
  ];
  const settings = fc.record({
    'ipv4/conf/all/arp_ignore': value(['0', '1', '2', '3', '8']),
    'ipv4/conf/all/arp_announce': value(['0', '1', '2', '3']),
    'ipv4/conf/all/rp_filter': value(['0', '1', '2']),
    'ipv4/conf/eth0/arp_ignore': value(['0', '1', '3']),
    'ipv4/conf/eth0/arp_announce': value(['0', '2', '3']),
    'ipv4/conf/lo/arp_ignore': value(['0', '1']),
    'ipv4/conf/tunl0/rp_filter': value(['0', '1', '2']),
    'ipv6/conf/lo/disable_ipv6': value(['0', '1']),
  });
  const story = fc.record({
    settings,
    tunnelIsUp: fc.boolean(),
    hasAddress: fc.boolean(),
    ups: fc.array(fc.subarray(choices, { minLength: 1 }), { minLength: 1, maxLength: 4 }),
    killedAfter: fc.integer({ min: 0, max: 20 }),
    order: fc.shuffledSubarray(choices, { minLength: choices.length }),
  });
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      host = new FakeHost();
      record = emptyRecord;
      host.add('tunl0', { answersArp: false, isUp: told.tunnelIsUp });
      host.add('ip6tnl0', { answersArp: false, isUp: told.tunnelIsUp });
      if (told.hasAddress) host.add('lo', { isLoopback: true, addresses: ['127.0.0.1/8', '10.0.0.3/32'] });
      for (const [path, text] of Object.entries(told.settings)) host.settings.set(path, text);
      const before = host.dump();
      host.killedAfter = told.killedAfter;
      for (const vips of told.ups)
        await up(...vips).catch((error: Error) => expect(error.message).toBe('killed'));
      for (const { address } of told.order) await down(address);
      expect(host.dump()).toEqual(before);
      expect(record).toEqual(emptyRecord);
    }),
    { numRuns: 200 },
  );
});
