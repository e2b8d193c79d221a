/** Fixtures: what Linux 6.1 (user-mode-linux, x86-64) sends, shortened to the attributes that are read. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attribute, attributeText, attributeU32, concatenate } from '../../src/ipvs-sync/attributes.ts';
import {
  applyRouteMessage,
  type LinkState,
  type LinkTable,
  primaryAddress,
  tableEvents,
} from '../../src/kernel/netlink/link-table.ts';
import {
  decodeAddress,
  decodeLink,
  encodeDeleteAddress,
  encodeNewAddress,
} from '../../src/kernel/netlink/route-codec.ts';
import { address, addressBytes } from '../../src/net/address.ts';

const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_NEWADDR = 20;
const RTM_DELADDR = 21;
const up = 0x1 | 0x40 | 0x1000 | 0x10000;

interface LinkChange {
  readonly index?: number;
  readonly name?: string;
  readonly flags?: number;
  readonly family?: number;
  readonly mtu?: number;
}

function linkBody({
  index = 2,
  name = 'eth0',
  flags = up,
  family = 0,
  mtu = 1500,
}: LinkChange = {}): Uint8Array {
  const header = new Uint8Array(16);
  header[0] = family;
  const view = new DataView(header.buffer);
  view.setInt32(4, index, true);
  view.setUint32(8, flags, true);
  const mac = attribute(1, Uint8Array.of(2, 0, 0, 0, 0, 1));
  return concatenate([header, attributeText(3, name), mac, attributeU32(4, mtu)]);
}

interface AddressChange {
  readonly index?: number;
  readonly prefix?: number;
  readonly flags?: number;
  readonly scope?: number;
  readonly label?: string;
}

function addressBody(text: string, change: AddressChange = {}): Uint8Array {
  const { index = 2, prefix = 24, flags = 0x80, scope = 0, label } = change;
  const isIpv6 = text.includes(':');
  const header = Uint8Array.of(isIpv6 ? 10 : 2, prefix, flags & 0xff, scope, index, 0, 0, 0);
  const bytes = addressBytes(address(text));
  return concatenate([
    header,
    ...(isIpv6 ? [attribute(1, bytes)] : [attribute(1, bytes), attribute(2, bytes)]),
    ...(label === undefined ? [] : [attributeText(3, label)]),
    attributeU32(8, flags),
  ]);
}

const link = (change?: LinkChange) => ({ type: RTM_NEWLINK, data: linkBody(change) });
const added = (text: string, change?: AddressChange) => ({
  type: RTM_NEWADDR,
  data: addressBody(text, change),
});
const removed = (text: string, change?: AddressChange) => ({
  type: RTM_DELADDR,
  data: addressBody(text, change),
});
type Message = ReturnType<typeof link>;
const tableOf = (...messages: Message[]): LinkTable =>
  messages.reduce(applyRouteMessage, new Map() as LinkTable);
const eventsOf = (before: LinkTable, ...messages: Message[]): string[] =>
  tableEvents(before, messages.reduce(applyRouteMessage, before)).map((event) =>
    'address' in event ? `${event.kind} ${event.address.address}` : event.kind,
  );
function only(table: LinkTable): LinkState {
  const [state] = table.values();
  if (state === undefined || table.size !== 1) throw new Error(`${table.size} links, not one`);
  return state;
}

describe('the link table', () => {
  test('a link and its addresses are known as they are described', () => {
    expect(only(tableOf(link(), added('192.0.2.1', { label: 'eth0' })))).toEqual({
      index: 2,
      name: 'eth0',
      mac: Uint8Array.of(2, 0, 0, 0, 0, 1),
      mtu: 1500,
      isUp: true,
      isRunning: true,
      supportsMulticast: true,
      isLoopback: false,
      hasArp: true,
      addresses: [
        {
          address: '192.0.2.1',
          prefixLength: 24,
          scope: 0,
          label: 'eth0',
          isSecondary: false,
          isTentative: false,
        },
      ],
    });
  });

  test('a message that says nothing new changes nothing and tells nothing', () => {
    const table = tableOf(link(), added('192.0.2.1'));
    expect(applyRouteMessage(table, link())).toBe(table);
    expect(applyRouteMessage(table, added('192.0.2.1'))).toBe(table);
    expect(applyRouteMessage(table, removed('192.0.2.9'))).toBe(table);
    expect(applyRouteMessage(table, { type: 24, data: new Uint8Array() })).toBe(table);
  });

  test('a link that changes keeps its addresses', () => {
    const before = tableOf(link(), added('192.0.2.1'));
    expect(eventsOf(before, link({ flags: 0x1000 }))).toEqual(['linkChanged']);
    expect(only(applyRouteMessage(before, link({ flags: 0x1000 })))).toMatchObject({
      isUp: false,
      isRunning: false,
      addresses: [{ address: '192.0.2.1' }],
    });
  });

  test('up without a carrier is up and not running', () => {
    expect(only(tableOf(link({ flags: 0x1 | 0x1000 })))).toMatchObject({ isUp: true, isRunning: false });
  });

  test('a loopback interface and one without ARP are known as such', () => {
    expect(only(tableOf(link({ flags: 0x8 | 0x80 })))).toMatchObject({
      isLoopback: true,
      hasArp: false,
      supportsMulticast: false,
    });
  });

  test('what goes with its link is told before the link', () => {
    const before = tableOf(link(), added('192.0.2.1'));
    expect(eventsOf(before, { type: RTM_DELLINK, data: linkBody() })).toEqual([
      'addressRemoved 192.0.2.1',
      'linkRemoved',
    ]);
  });

  test('a port that leaves its bridge does not go, and what IPv6 says of a link is not the link', () => {
    const table = tableOf(link());
    expect(applyRouteMessage(table, { type: RTM_DELLINK, data: linkBody({ family: 7 }) })).toBe(table);
    expect(applyRouteMessage(table, link({ family: 10, mtu: 9000 }))).toBe(table);
  });

  test('an address with two prefix lengths is two, and one may go without the other', () => {
    const table = tableOf(link(), added('192.0.2.1', { prefix: 24 }), added('192.0.2.1', { prefix: 32 }));
    expect(only(table).addresses).toHaveLength(2);
    const rest = only(applyRouteMessage(table, removed('192.0.2.1', { prefix: 32 }))).addresses;
    expect(rest.map((one) => one.prefixLength)).toEqual([24]);
  });

  test('an address is told as changed when it is promoted or no longer tentative', () => {
    const secondary = tableOf(link(), added('192.0.2.1', { flags: 0x81 }));
    expect(eventsOf(secondary, added('192.0.2.1', { flags: 0x80 }))).toEqual(['addressChanged 192.0.2.1']);
    const tentative = tableOf(link(), added('fe80::1', { flags: 0xc0, scope: 253, prefix: 64 }));
    expect(eventsOf(tentative, added('fe80::1', { flags: 0x80, scope: 253, prefix: 64 }))).toEqual([
      'addressChanged fe80::1',
    ]);
  });

  test('the address of an interface that is not known is not kept', () => {
    const table = tableOf(link());
    expect(applyRouteMessage(table, added('192.0.2.1', { index: 3 }))).toBe(table);
  });

  test('on a point-to-point link the own address is kept, not the peer', () => {
    const body = concatenate([
      Uint8Array.of(2, 32, 0x80, 0, 2, 0, 0, 0),
      attribute(1, Uint8Array.of(10, 9, 9, 9)),
      attribute(2, Uint8Array.of(10, 1, 1, 1)),
    ]);
    expect(decodeAddress(body)?.address.address).toBe('10.1.1.1');
  });

  test('between two readings everything that came and went is told', () => {
    const before = tableOf(
      link(),
      link({ index: 3, name: 'eth1' }),
      added('192.0.2.1'),
      added('192.0.2.2', { index: 3 }),
    );
    const after = tableOf(link({ mtu: 9000 }), link({ index: 4, name: 'eth2' }), added('192.0.2.7'));
    expect(tableEvents(before, after).map((event) => event.kind)).toEqual([
      'addressRemoved',
      'linkRemoved',
      'linkChanged',
      'addressRemoved',
      'addressAdded',
      'linkChanged',
    ]);
    expect(tableEvents(after, after)).toEqual([]);
  });
});

describe('the primary address', () => {
  test('is the first global IPv4 address that is not secondary and not excepted', () => {
    const state = only(
      tableOf(
        link(),
        added('169.254.1.1', { scope: 253 }),
        added('192.0.2.9', { flags: 0x81 }),
        added('10.0.0.3', { prefix: 32 }),
        added('192.0.2.1'),
      ),
    );
    expect(primaryAddress(state, 4)).toBe('10.0.0.3');
    expect(primaryAddress(state, 4, new Set([address('10.0.0.3')]))).toBe('192.0.2.1');
    expect(primaryAddress(state, 6)).toBeUndefined();
  });

  test('is for IPv6 the first link-local one that passed duplicate address detection', () => {
    const v6 = { scope: 253, prefix: 64 };
    const state = only(
      tableOf(
        link(),
        added('2001:db8::1', { prefix: 64 }),
        added('fe80::1', { ...v6, flags: 0xc0 }),
        added('fe80::2', { ...v6, flags: 0x88 }),
        added('fe80::3', v6),
      ),
    );
    expect(primaryAddress(state, 6)).toBe('fe80::3');
  });
});

describe('the codec', () => {
  const vip = { address: address('10.0.0.3'), prefixLength: 24, interface: 'eth0', scope: 253 };
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

  test('RTM_NEWADDR has header, local, address, broadcast and label', () => {
    const full = { ...vip, label: 'eth0:1', broadcast: address('10.0.0.255') };
    expect(hex(encodeNewAddress(5, full))).toBe(
      [
        '021800fd05000000',
        '080002000a000003',
        '080001000a000003',
        '080004000a0000ff',
        '0b000300657468303a310000',
      ].join(''),
    );
  });

  test('RTM_NEWADDR of IPv6 asks for no duplicate address detection', () => {
    const text = hex(encodeNewAddress(5, { ...vip, address: address('2001:db8::3'), scope: 0 }));
    expect(text.startsWith('0a18020005000000')).toBe(true);
    expect(text.endsWith('0800080002000000')).toBe(true);
  });

  test('RTM_DELADDR leaves label and broadcast out', () => {
    const full = { ...vip, label: 'eth0:1', broadcast: address('10.0.0.255') };
    expect(hex(encodeDeleteAddress(5, full))).toBe('021800fd05000000080002000a000003080001000a000003');
  });

  test('what was encoded is decoded to the same', () => {
    expect(decodeAddress(encodeNewAddress(5, { ...vip, label: 'eth0:1' }))).toEqual({
      interfaceIndex: 5,
      address: {
        address: '10.0.0.3',
        prefixLength: 24,
        scope: 253,
        label: 'eth0:1',
        isSecondary: false,
        isTentative: false,
      },
    });
  });

  test('random and mutated bytes never throw', () => {
    const whole = linkBody();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.nat(whole.length - 1),
        fc.nat(255),
        (bytes, position, value) => {
          const mutated = Uint8Array.from(whole);
          mutated[position] = value;
          for (const body of [bytes, mutated, whole.subarray(0, position)]) {
            decodeLink(body);
            decodeAddress(body);
          }
        },
      ),
    );
  });
});
