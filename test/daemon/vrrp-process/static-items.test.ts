import { describe, expect, test } from 'vitest';
import { StaticItems } from '../../../src/daemon/vrrp-process/static-items.ts';
import { blockOf, instanceWith, parseText } from '../../config-parser/parse-helpers.ts';
import { FakeMonitor, fakeKernel, fakeLog, link } from './fakes.ts';

const text = [
  blockOf('track_group T', blockOf('group', 'VI_1')),
  blockOf('static_ipaddress', '10.0.5.1/24 dev eth0 track_group T', '10.0.6.1/24 dev eth0'),
  blockOf('static_routes', '10.7.0.0/16 via 10.0.5.9 dev eth0 track_group T'),
  blockOf('static_rules', 'from 10.7.0.0/16 table 100 preference 10'),
].join('\n');

function itemsOf(configuration: string) {
  return parseText(`${configuration}\n${instanceWith()}`).config.staticItems;
}

function host(refuses: (what: string) => boolean = () => false) {
  const kernel = fakeKernel(refuses);
  const { log, lines } = fakeLog();
  let changes = 0;
  const tools = { ...kernel, log, monitor: new FakeMonitor(link('eth0')) };
  const items = new StaticItems(tools, () => {
    changes += 1;
  });
  return { items, lines, asked: kernel.asked, changes: () => changes };
}

const all = ['add 10.0.5.1 on eth0', 'add 10.0.6.1 on eth0', 'add route', 'add rule'];

describe('static_ipaddress, static_routes and static_rules', () => {
  test('are put there at the start and taken away in the end', async () => {
    const { items, asked } = host();
    await items.configure(itemsOf(text));
    expect(asked).toEqual(all);
    asked.length = 0;
    await items.removeAll();
    expect(asked).toEqual(all.map((line) => line.replace('add', 'remove')));
    expect(items.isEmpty).toBe(true);
  });

  test('stay over a reload, except for what is gone and what is new', async () => {
    const { items, asked } = host();
    await items.configure(itemsOf(text));
    asked.length = 0;
    await items.configure(itemsOf(text.replace('10.0.6.1', '10.0.8.1')));
    expect(asked).toEqual(['remove 10.0.6.1 on eth0', 'add 10.0.8.1 on eth0']);
  });

  test('are added again when something of the host has changed', async () => {
    const { items, asked } = host();
    await items.configure(itemsOf(text));
    asked.length = 0;
    await items.restore();
    expect(asked).toEqual(all);
  });
});

test('with no_track they stay away, unless they never were there', async () => {
  const { items, asked } = host((what) => what.includes('10.0.6.1'));
  const untracked = text.replace(' preference 10', ' preference 10 no_track');
  await items.configure(itemsOf(untracked.replace('10.0.6.1/24 dev eth0', '10.0.6.1/24 dev eth0 no_track')));
  asked.length = 0;
  await items.restore();
  expect(asked).toEqual(['add 10.0.5.1 on eth0', 'add 10.0.6.1 on eth0', 'add route']);
});

describe('track_group', () => {
  test('makes what cannot be had a fault of its instances, until it can', async () => {
    let isRefused = true;
    const { items, lines, changes } = host((what) => isRefused && what.includes('10.0.5.1'));
    await items.configure(itemsOf(text));
    const fault = { reason: 'static-item', subject: 'address 10.0.5.1/24 on eth0' };
    expect([items.faultsOf('VI_1'), items.faultsOf('VI_2'), changes()]).toEqual([[fault], [], 1]);
    await items.restore();
    expect(lines).toEqual(['cannot add static address 10.0.5.1/24 on eth0: 10.0.5.1 on eth0 was refused']);
    isRefused = false;
    await items.restore();
    expect([items.faultsOf('VI_1'), changes()]).toEqual([[], 2]);
  });

  test('does not concern what names none', async () => {
    const { items } = host((what) => what.includes('10.0.6.1') || what === 'add rule');
    await items.configure(itemsOf(text));
    expect(items.faultsOf('VI_1')).toEqual([]);
  });
});
