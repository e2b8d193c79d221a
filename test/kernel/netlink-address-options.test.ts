import { describe, expect, test } from 'vitest';
import type { VirtualAddress } from '../../src/config-parser/config.ts';
import {
  attribute,
  attributeText,
  attributeU32,
  concatenate,
  nestedAttribute,
} from '../../src/ipvs-sync/attributes.ts';
import { ConnectionPool } from '../../src/kernel/netlink/connection-pool.ts';
import { NetlinkError } from '../../src/kernel/netlink/index.ts';
import { decodeLink, encodeDeleteAddress, encodeNewAddress } from '../../src/kernel/netlink/route-codec.ts';
import type { OpenTransport } from '../../src/kernel/netlink/transport.ts';
import { address } from '../../src/net/address.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const vip = (text: string, change: Partial<VirtualAddress> = {}): VirtualAddress => ({
  address: address(text),
  prefixLength: 24,
  interface: 'eth0',
  scope: 0,
  ...change,
});

describe('RTM_NEWADDR', () => {
  test('with a peer has it as IFA_ADDRESS, and its prefix length', () => {
    const bytes = encodeNewAddress(5, vip('10.0.0.3', { peer: address('10.1.0.9'), peerPrefixLength: 16 }));
    expect(hex(bytes)).toBe(['0210000005000000', '080002000a000003', '080001000a010009'].join(''));
  });

  test('is taken away with the same peer', () => {
    const one = vip('10.0.0.3', { peer: address('10.1.0.9') });
    expect(hex(encodeDeleteAddress(5, one))).toBe('0220000005000000080002000a000003080001000a010009');
  });

  test('has every flag, the low eight of them in the header too', () => {
    const all = { home: true, mngtmpaddr: true, noPrefixRoute: true, autojoin: true } as const;
    const text = hex(encodeNewAddress(5, vip('2001:db8::3', all)));
    expect(text.startsWith('0a18120005000000')).toBe(true);
    expect(text.endsWith('0800080012070000')).toBe(true);
  });

  test('has a preferred lifetime beside a valid one without end', () => {
    const text = hex(encodeNewAddress(5, vip('10.0.0.3', { preferredLifetimeSeconds: 600 })));
    expect(text.endsWith('14000600' + '58020000' + 'ffffffff' + '0000000000000000')).toBe(true);
  });

  test('that is preferred for ever says nothing of it', () => {
    const forever = vip('10.0.0.3', { preferredLifetimeSeconds: Number.POSITIVE_INFINITY });
    expect(hex(encodeNewAddress(5, forever))).toBe(hex(encodeNewAddress(5, vip('10.0.0.3'))));
  });
});

describe('a link', () => {
  const header = new Uint8Array(16);
  const body = (...attributes: readonly Uint8Array[]): Uint8Array =>
    concatenate([header, attributeText(3, 'x0'), ...attributes]);

  test('tells its kind, the interface below it, its master and its group', () => {
    const macvlan = nestedAttribute(18, attributeText(1, 'macvlan'));
    const link = decodeLink(body(attributeU32(5, 7), attributeU32(10, 9), attributeU32(27, 3), macvlan));
    expect(link).toMatchObject({ kind: 'macvlan', linkIndex: 7, masterIndex: 9, group: 3 });
    expect(link).not.toHaveProperty('vrfTable');
  });

  test('of a VRF tells its table', () => {
    const vrf = nestedAttribute(18, attributeText(1, 'vrf'), nestedAttribute(2, attributeU32(1, 100)));
    expect(decodeLink(body(vrf))).toMatchObject({ kind: 'vrf', vrfTable: 100 });
  });

  test('without any of them says nothing of them', () => {
    const link = decodeLink(body(attributeU32(5, 0), attributeU32(27, 0), attribute(18, new Uint8Array(3))));
    expect(Object.keys(link ?? {})).toEqual(
      expect.not.arrayContaining(['kind', 'linkIndex', 'masterIndex', 'group', 'vrfTable']),
    );
  });
});

describe('the pool of connections', () => {
  /** Sends at once only the first datagram, as the package's socket does. */
  function openings(limit: number): { readonly open: OpenTransport; readonly sent: number[] } {
    const sent: number[] = [];
    const open: OpenTransport = () => {
      if (sent.length === limit) throw Object.assign(new Error('too many'), { code: 'EMFILE' });
      const which = sent.push(0) - 1;
      return {
        port: which + 1,
        get sendsAtOnce() {
          return sent[which] === 0;
        },
        send: () => {
          sent[which] = (sent[which] ?? 0) + 1;
        },
        close: () => undefined,
      };
    };
    return { open, sent };
  }
  const requests = Array.from({ length: 250 }, (_, number) => ({
    type: 20,
    flags: 0,
    body: new Uint8Array(8),
    operation: `request ${number}`,
  }));

  test('sends each datagram of a long list by a socket of its own', () => {
    const { open, sent } = openings(10);
    const pool = new ConnectionPool(open);
    void pool.perform(requests);
    expect(sent).toEqual([1, 1, 1]);
  });

  test('sends what was prepared by the sockets that it was prepared for', () => {
    const { open, sent } = openings(10);
    const pool = new ConnectionPool(open);
    pool.prepare(requests);
    expect(sent).toEqual([0, 0, 0]);
    void pool.perform(requests);
    expect(sent).toEqual([1, 1, 1]);
  });

  test('says so for each request when it can open no further socket', async () => {
    const { open } = openings(2);
    const pool = new ConnectionPool(open);
    const answers = pool.perform(requests);
    pool.close();
    const errors = await answers;
    expect(errors).toHaveLength(250);
    expect(errors[249]).toBeInstanceOf(NetlinkError);
    expect(errors[249]?.message).toBe('request 249: EMFILE');
    expect(errors[0]?.code).toBe('ECANCELED');
  });
});
