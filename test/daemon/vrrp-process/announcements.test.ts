import { describe, expect, test } from 'vitest';
import type { VirtualAddress } from '../../../src/config-parser/config.ts';
import { Announcements } from '../../../src/daemon/vrrp-process/announcements.ts';
import type { Announcer } from '../../../src/daemon/vrrp-process/announcer.ts';
import { blockOf, parseText } from '../../config-parser/parse-helpers.ts';
import { virtualAddress } from '../../vrrp/instances.ts';

/** Announcements in the pace of a configuration; what has left, as text. */
function paced(text: string) {
  const sent: string[] = [];
  const announcer = {
    announce: (addresses: readonly VirtualAddress[], repeat: number) => {
      for (let round = 0; round < repeat; round += 1) {
        for (const { address, interface: device } of addresses) sent.push(`${address} ${device}`);
      }
      return [];
    },
  };
  const announcements = new Announcements(announcer as unknown as Announcer, () => undefined);
  announcements.configure(parseText(text).config.globalDefs.vrrp);
  return { announcements, sent };
}

const first = virtualAddress('10.0.0.3');
const second = virtualAddress('10.0.0.4');
const other = virtualAddress('10.0.1.3', { interface: 'eth1' });
const six = virtualAddress('2001:db8::3', { prefixLength: 64 });

/** How many leave in the first turn, and how many at each of the next deadlines. */
function rhythm({ announcements, sent }: ReturnType<typeof paced>): readonly number[] {
  const counts = [sent.length];
  while (announcements.nextTimeoutMs !== undefined && counts.length < 20) {
    const before = sent.length;
    announcements.timeout(announcements.nextTimeoutMs);
    counts.push(sent.length - before);
  }
  return counts;
}

test('without a pause all leave at once', () => {
  const made = paced('');
  made.announcements.announce([first, second], 3);
  expect(rhythm(made)).toEqual([6]);
});

describe('vrrp_garp_interval', () => {
  test('is the pause between two announcements on one interface', () => {
    const made = paced(blockOf('global_defs', 'vrrp_garp_interval 0.5'));
    made.announcements.announce([first, second], 2);
    const startMs = made.announcements.nextTimeoutMs ?? 0;
    expect(rhythm(made)).toEqual([1, 1, 1, 1]);
    expect(made.sent).toEqual(['10.0.0.3 eth0', '10.0.0.4 eth0', '10.0.0.3 eth0', '10.0.0.4 eth0']);
    made.announcements.announce([first, first], 1);
    expect((made.announcements.nextTimeoutMs ?? 0) - startMs).toBeGreaterThanOrEqual(500);
  });

  test('is that of each interface', () => {
    const made = paced(blockOf('global_defs', 'vrrp_garp_interval 0.5'));
    made.announcements.announce([first, other], 1);
    expect(rhythm(made)).toEqual([2]);
  });

  test('leaves IPv6 alone, which vrrp_gna_interval is for', () => {
    const [garp, gna] = ['vrrp_garp_interval 0.5', 'vrrp_gna_interval 0.5'].map((line) => {
      const made = paced(blockOf('global_defs', line));
      made.announcements.announce([six], 2);
      return rhythm(made);
    });
    expect([garp, gna]).toEqual([[2], [1, 1]]);
  });
});

describe('garp_group', () => {
  const group = (...lines: readonly string[]) => blockOf('garp_group', ...lines);

  test('has one pause for all its interfaces', () => {
    const made = paced(group('garp_interval 0.5', blockOf('interfaces', 'eth0 eth1')));
    made.announcements.announce([first, other], 1);
    expect(rhythm(made)).toEqual([1, 1]);
  });

  test('names single ones with interface, and leaves the others alone', () => {
    const made = paced(group('garp_interval 0.5', 'interface eth1'));
    made.announcements.announce([first, other], 2);
    expect(rhythm(made)).toEqual([3, 1]);
  });

  test('has a pause of its own for IPv6 in gna_interval', () => {
    const made = paced(group('gna_interval 0.5', 'interface eth0'));
    made.announcements.announce([first, six], 2);
    expect(rhythm(made)).toEqual([3, 1]);
  });
});

test('what another router has by now is not announced any more', () => {
  const made = paced(blockOf('global_defs', 'vrrp_garp_interval 0.5'));
  made.announcements.announce([first, second], 2);
  made.announcements.withdraw([second]);
  rhythm(made);
  expect(made.sent).toEqual(['10.0.0.3 eth0', '10.0.0.3 eth0']);
});

test('a reload that leaves the pauses alone loses nothing that waits', () => {
  const text = blockOf('global_defs', 'vrrp_garp_interval 0.5');
  const made = paced(text);
  made.announcements.announce([first], 3);
  made.announcements.configure(parseText(text).config.globalDefs.vrrp);
  expect(rhythm(made)).toEqual([1, 1, 1]);
});

test('a reload that takes the pause away lets go what waits', () => {
  const made = paced(blockOf('global_defs', 'vrrp_garp_interval 0.5'));
  made.announcements.announce([first], 3);
  made.announcements.configure(parseText('').config.globalDefs.vrrp);
  expect([made.sent.length, made.announcements.nextTimeoutMs]).toEqual([3, undefined]);
});
