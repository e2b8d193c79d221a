/** What each keyword about advertisements changes on the wire, and in what is accepted from it. */
import { describe, expect, test } from 'vitest';
import { address } from '../../../src/net/address.ts';
import { blockOf, instanceWith, onlyInstance } from '../../config-parser/parse-helpers.ts';
import { Instance, lowerAddress, ourAddress, surroundings } from '../instances.ts';
import { configured, configured6, sent, sentBytes } from './configured.ts';

const pass = (word: string) => blockOf('authentication', 'auth_type PASS', `auth_pass ${word}`);
const peers = (...lines: readonly string[]) => blockOf('unicast_peer', ...lines);
const two = peers('192.0.2.2', '192.0.2.3');

/** Whether an instance of `lines` takes what one of `theirs` sends; else the counter that it was dropped under. */
function hears(
  lines: string,
  theirs: string,
  { globals = '', hopLimit = 255, source = lowerAddress } = {},
): string {
  const instance = new Instance(configured(lines, globals));
  instance.on({ kind: 'startup', surroundings: surroundings() }, 0);
  const other = configured(theirs);
  const [packet] = sent(other, 200, source);
  if (packet === undefined) throw new Error('nothing was sent');
  const isUnicast = instance.config.transport.kind === 'unicast';
  const datagram = {
    source,
    destination: isUnicast ? ourAddress : packet.destination,
    hopLimit,
    claimedPayloadBytes: packet.bytes.length,
    payload: packet.bytes,
  };
  instance.on({ kind: 'packet', datagram, unixTimeMs: 1_700_000_000_000 }, 100);
  const dropped = instance.effects.flatMap((effect) =>
    effect.kind === 'report' && effect.report.kind === 'packetDropped' ? effect.report.counter : [],
  );
  return dropped[0] ?? (instance.state.statistics.advertRcvd === 1 ? 'taken' : 'nothing');
}

describe('an advertisement', () => {
  test('of version 2 has version and type, VRID, priority, number of addresses, interval', () => {
    const bytes = sentBytes(configured('priority 7\nadvert_int 3'));
    expect(bytes.slice(0, 6)).toEqual([0x21, 51, 7, 1, 0, 3]);
    expect(bytes.slice(8, 12)).toEqual([192, 0, 2, 10]);
  });

  test.each([
    ['version 3\nadvert_int 0.25', ''],
    ['advert_int 0.25', 'vrrp_version 3'],
    ['version 3\nadvert_int 0.25', 'vrrp_version 2'],
  ])('of version 3 has its interval in hundredths: %j beside %j', (lines, globals) => {
    expect(sentBytes(configured(lines, globals)).slice(0, 6)).toEqual([0x31, 51, 100, 1, 0, 25]);
  });

  test('names what virtual_ipaddress has, and not what virtual_ipaddress_excluded has', () => {
    const lines = blockOf('virtual_ipaddress_excluded', '192.0.2.11/24');
    expect(sentBytes(configured(lines))).toEqual(sentBytes(configured('')));
  });

  test('names nobody where no_virtual_ipaddress allows that', () => {
    const none = instanceWith('version 3', 'no_virtual_ipaddress').replace(
      / virtual_ipaddress \{[^}]*\}/,
      '',
    );
    expect(sentBytes(onlyInstance(none)).slice(0, 4)).toEqual([0x31, 51, 100, 0]);
  });

  test.each([
    ['', '', '224.0.0.18'],
    ['mcast_dst_ip 224.0.0.99', '', '224.0.0.99'],
    ['', 'vrrp_mcast_group4 224.0.0.98', '224.0.0.98'],
    ['mcast_dst_ip 224.0.0.99', 'vrrp_mcast_group4 224.0.0.98', '224.0.0.99'],
  ])('with %j beside %j goes to %s', (lines, globals, group) => {
    expect(sent(configured(lines, globals)).map(({ destination }) => destination)).toEqual([group]);
  });

  test.each([
    ['', 'ff02::12'],
    ['vrrp_mcast_group6 ff02::99', 'ff02::99'],
  ])('of IPv6 goes to vrrp_mcast_group6: with %j to %s', (globals, group) => {
    expect(sent(configured6('', globals)).map(({ destination }) => destination)).toEqual([group]);
  });

  test('goes to each unicast_peer', () => {
    const packets = sent(configured(two));
    expect(packets.map(({ destination }) => destination)).toEqual(['192.0.2.2', '192.0.2.3']);
  });

  test.each([
    ['version 3\nv3_checksum_as_v2', ''],
    ['version 3', 'v3_checksum_as_v2'],
  ])('has the checksum of version 2 with v3_checksum_as_v2: %j beside %j', (lines, globals) => {
    const ours = sentBytes(configured(lines, globals));
    expect(ours).not.toEqual(sentBytes(configured('version 3')));
    expect(ours.slice(0, 6)).toEqual(sentBytes(configured('version 3')).slice(0, 6));
    expect(hears(lines, 'version 3', { globals })).toBe('checksumErr');
    expect(hears(lines, 'version 3\nv3_checksum_as_v2', { globals })).toBe('taken');
  });

  test('has in unicast the checksum of old keepalived with old_unicast_checksum', () => {
    const [old, usual] = ['old_unicast_checksum', 'old_unicast_checksum never'].map((line) =>
      sentBytes(configured(`version 3\n${two}\n${line}`)),
    );
    expect(old).not.toEqual(usual);
  });

  test('has the password of auth_pass with auth_type PASS', () => {
    const bytes = sentBytes(configured(pass('geheim')));
    expect(bytes[4]).toBe(1);
    expect(Buffer.from(bytes.slice(-8)).toString()).toBe('geheim\0\0');
  });

  test('has a header of IPsec before it with auth_type AH', () => {
    const [packet] = sent(configured(blockOf('authentication', 'auth_type AH', 'auth_pass x')));
    expect(packet?.hasIpHeader).toBe(true);
  });
});

describe('what is heard', () => {
  test.each([
    ['', '', 'taken'],
    ['', 'version 3', 'versionErr'],
    ['', 'advert_int 2', 'advertIntervalErr'],
    ['version 3', 'version 3\nadvert_int 2', 'taken'],
    [pass('a'), pass('a'), 'taken'],
    [pass('a'), pass('b'), 'authFailure'],
    [pass('a'), '', 'authtypeMismatch'],
    ['', pass('a'), 'authtypeMismatch'],
  ])('by an instance with %j of one with %j is %s', (lines, theirs, expected) => {
    expect(hears(lines, theirs)).toBe(expected);
  });

  test.each([
    ['', '', 'taken'],
    ['check_unicast_src', '', 'unicastSourceErr'],
    ['', 'vrrp_check_unicast_src', 'unicastSourceErr'],
  ])('from no peer with %j beside %j is %s', (line, globals, expected) => {
    const source = address('192.0.2.77');
    expect(hears(`${two}\n${line}`, two, { globals, source })).toBe(expected);
  });

  test.each([
    ['192.0.2.2 min_ttl 64', 63, 'ipTtlErr'],
    ['192.0.2.2 min_ttl 64', 64, 'taken'],
    ['192.0.2.2 max_ttl 64', 64, 'taken'],
    ['192.0.2.2 max_ttl 64', 65, 'ipTtlErr'],
  ])('from the peer %s with a TTL of %i is %s', (peer, hopLimit, expected) => {
    const source = address('192.0.2.2');
    expect(hears(peers(peer), peers(peer), { hopLimit, source })).toBe(expected);
  });
});
