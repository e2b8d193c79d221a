import { describe, expect, test } from 'vitest';
import { type LinkOfInstance, VirtualLinks } from '../../../src/daemon/vrrp-process/virtual-links.ts';
import type { VirtualLinkClient, VirtualLinkResult } from '../../../src/kernel/virtual-link.ts';
import { placeInstance } from '../../../src/vrrp/index.ts';
import { instanceWith, onlyInstance } from '../../config-parser/parse-helpers.ts';
import { FakeMonitor, fakeLog, link } from './fakes.ts';

function wanted(...lines: readonly string[]): readonly LinkOfInstance[] {
  const { config, links } = placeInstance(onlyInstance(instanceWith(...lines)));
  return links.map((one) => ({
    ...one,
    instance: config.name,
    family: config.family,
    options: { holdsIpv6: false },
  }));
}

/** A host with eth0, whose kernel makes what it is asked for. */
function host(answer?: VirtualLinkResult) {
  const monitor = new FakeMonitor(link('eth0'));
  const { log, lines } = fakeLog();
  const asked: string[] = [];
  const client: VirtualLinkClient = {
    ensure: async ({ kind, name }, base) => {
      asked.push(`make ${kind} ${name} on ${base.name}`);
      if (answer !== undefined) return answer;
      monitor.table.set(name, link(name, { index: 9 }));
      return { ok: true, index: 9, created: true, problems: [] };
    },
    remove: async (name) => {
      asked.push(`remove ${name}`);
      monitor.table.delete(name);
      return undefined;
    },
    close: () => undefined,
  };
  return { links: new VirtualLinks(client, monitor, log), monitor, asked, lines };
}

describe('the links of the instances', () => {
  test.each([
    ['use_vmac', 'make macvlan vrrp.51 on eth0'],
    ['use_ipvlan ipv0 192.0.2.5', 'make ipvlan ipv0 on eth0'],
  ])('of %s are made, and removed in the end', async (line, made) => {
    const { links, asked } = host();
    await links.configure(wanted(line));
    await links.removeAll();
    expect(asked).toEqual([made, `remove ${made.split(' ')[2]}`]);
  });

  test('stay over a reload that does not change them, and are removed by one that does', async () => {
    const { links, asked } = host();
    await links.configure(wanted('use_vmac'));
    await links.configure(wanted('use_vmac', 'priority 7'));
    expect(asked).toHaveLength(1);
    await links.configure(wanted('use_vmac vip0'));
    expect(asked.slice(1)).toEqual(['remove vrrp.51', 'make macvlan vip0 on eth0']);
  });

  test('that somebody removes are made again', async () => {
    const { links, asked, monitor } = host();
    await links.configure(wanted('use_vmac'));
    monitor.table.delete('vrrp.51');
    expect(links.isComplete).toBe(false);
    await links.repair();
    await links.repair();
    expect(asked).toHaveLength(2);
    expect(links.isComplete).toBe(true);
  });

  test('are made once the interface below is there', async () => {
    const { links, asked, monitor } = host();
    monitor.table.delete('eth0');
    await links.configure(wanted('use_vmac'));
    await links.repair();
    expect(asked).toEqual([]);
    monitor.table.set('eth0', link('eth0'));
    await links.repair();
    expect(asked).toEqual(['make macvlan vrrp.51 on eth0']);
  });

  test('that cannot be made are told of with the reason', async () => {
    const { links, lines } = host({ ok: false, problem: 'the kernel has no macvlan' });
    await links.configure(wanted('use_vmac'));
    expect(lines).toEqual(['(VI_1) no interface vrrp.51 on eth0: the kernel has no macvlan']);
  });
});
