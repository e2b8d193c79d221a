import { describe, expect, it } from 'vitest';
import { type BlockSchema, findKeyword } from '../../src/config-parser/index.ts';
import { forwardingMethod } from '../../src/config-parser/schema/arguments-forwarding.ts';
import { hexBytes, hexPattern } from '../../src/config-parser/schema/arguments-hex.ts';
import {
  digest,
  regexOptionNames,
  regexOptions,
  regexStack,
  statusCodes,
} from '../../src/config-parser/schema/arguments-http.ts';
import { granularity, persistenceTimeout } from '../../src/config-parser/schema/arguments-service.ts';
import { dnsCheck, dnsType, domainName } from '../../src/config-parser/schema/dns-check.ts';
import { httpGet, httpUrl, sslGet } from '../../src/config-parser/schema/http-get.ts';
import { realServer, tcpCheck, virtualServer } from '../../src/config-parser/schema/index.ts';
import {
  bfdCheck,
  fileCheck,
  miscCheck,
  pingCheck,
  smtpCheck,
  udpCheck,
} from '../../src/config-parser/schema/other-checkers.ts';
import { groupEntry } from '../../src/config-parser/schema/virtual-server-group.ts';
import { argumentOf, goodValue, keptValue, verdict } from './argument-helpers.ts';
import { parseText, serverWith, summary } from './parse-helpers.ts';

describe('a forwarding method', () => {
  it.each([
    ['NAT', undefined],
    ['DR', undefined],
    ['TUN', { type: 'ipip' }],
    ['TUN type ipip', { type: 'ipip' }],
    ['TUN type gue port 5555', { type: 'gue', port: 5555 }],
    ['TUN port 5555 remcsum type gue', { type: 'gue', port: 5555, checksum: 'remcsum' }],
    ['TUN type gre nocsum', { type: 'gre', checksum: 'nocsum' }],
  ])('%s says how packets are encapsulated', (text, tunnel) => {
    expect(goodValue(forwardingMethod, text).tunnel).toEqual(tunnel);
  });

  it.each([
    ['gue without a port', 'TUN type gue'],
    ['gre with a port', 'TUN type gre port 5555'],
    ['ipip with a checksum', 'TUN csum'],
    ['gre with a remote checksum', 'TUN type gre remcsum'],
    ['a type that there is not', 'TUN type vxlan'],
    ['a port that there is not', 'TUN type gue port 65536'],
    ['a word that is no option', 'TUN fast'],
  ])('that is a tunnel of %s stays a tunnel, of ipip', (_what, text) => {
    expect(keptValue(forwardingMethod, text)).toEqual({
      forwarding: 'TUN',
      tunnel: { type: 'ipip' },
    });
  });

  it.each(['nat', 'fnat', 'FullNAT'])('is not %s', (text) => {
    expect(verdict(forwardingMethod, text)).toBe(`refused: ${text}`);
  });

  it.each(['FULLNAT', 'FNAT'])('%s is full NAT', (text) => {
    expect(goodValue(forwardingMethod, text)).toEqual({ forwarding: 'FULLNAT' });
  });

  it('tells of a tunnel that does not fit together once', () => {
    const parsed = parseText(serverWith('sorry_server 192.0.2.9', 'sorry_server_lvs_method TUN type gue'));
    expect(summary(parsed).filter((line) => line.includes('TUN'))).toEqual(['error invalid-value: TUN']);
  });

  it('takes no options besides those of tunnels', () => {
    expect(verdict(forwardingMethod, 'NAT csum')).toBe('extra: csum');
  });
});

describe('persistence', () => {
  it.each([
    ['255.255.255.0', { family: 4, prefixLength: 24 }],
    ['255.255.255.255', { family: 4, prefixLength: 32 }],
    ['64', { family: 6, prefixLength: 64 }],
  ])('of clients in a network of %s has its length', (text, expected) => {
    expect(goodValue(granularity, text)).toEqual(expected);
  });

  it.each(['0.0.0.0', '255.0.255.0', '0', '129', 'ffff::'])('has no network of %s', (text) => {
    expect(verdict(granularity, text)).toBe(`refused: ${text}`);
  });

  it('lasts 360 seconds unless it is said, and 31 days at most', () => {
    expect(goodValue(persistenceTimeout, '')).toBe(360);
    expect(goodValue(persistenceTimeout, '2678400')).toBe(2_678_400);
    expect(verdict(persistenceTimeout, '2678401')).toBe('refused: 2678401');
    expect(verdict(persistenceTimeout, '0')).toBe('refused: 0');
  });

  it('of an IPv4 service has a netmask and no prefix length', () => {
    const { config, diagnostics } = parseText(serverWith('persistence_granularity 24'));
    expect(config.virtualServers[0]?.persistence?.prefixLength).toBe(32);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'persistence_granularity must be an IPv4 netmask for an IPv4 service, found "24"; 32 bits are used',
    ]);
  });
});

describe('an entry of virtual_server_group', () => {
  it.each([
    ['192.0.2.1 80', { kind: 'address', address: '192.0.2.1', port: 80 }],
    ['2001:db8::1', { kind: 'address', address: '2001:db8::1' }],
    ['192.0.2.1-9 80', { kind: 'range', first: '192.0.2.1', last: '192.0.2.9', port: 80 }],
    ['192.0.2.250-192.0.3.5', { kind: 'range', first: '192.0.2.250', last: '192.0.3.5' }],
    ['2001:db8::1-1F', { kind: 'range', first: '2001:db8::1', last: '2001:db8::1f' }],
    ['192.0.2.0/28 80', { kind: 'network', address: '192.0.2.0', prefixLength: 28, port: 80 }],
    ['2001:db8::/120', { kind: 'network', address: '2001:db8::', prefixLength: 120 }],
    ['fwmark 7', { kind: 'fwmark', mark: 7 }],
    ['fwmark 7 inet6', { kind: 'fwmark', mark: 7, family: 6 }],
  ])('%s says which addresses it stands for', (text, expected) => {
    expect(goodValue(groupEntry, text)).toEqual(expected);
  });

  it.each([
    ['ends below its start', '192.0.2.9-5'],
    ['ends beyond an octet', '192.0.2.1-300'],
    ['ends beyond a group', '2001:db8::1-fffff'],
    ['ends in another family', '192.0.2.1-2001:db8::1'],
    ['has bits behind its prefix', '192.0.2.1/28'],
    ['has a prefix of 33 bits', '192.0.2.0/33'],
    ['is a name', 'www.example'],
  ])('that %s is refused', (_what, text) => {
    expect(verdict(groupEntry, text)).toBe(`refused: ${text}`);
  });

  it('is refused with a port or a mark that there is not', () => {
    expect(verdict(groupEntry, '192.0.2.1 65536')).toBe('refused: 65536');
    expect(verdict(groupEntry, 'fwmark 0')).toBe('refused: 0');
    expect(verdict(groupEntry, 'fwmark')).toBe('refused: fwmark');
  });

  it('says which network was meant by one with bits behind its prefix', () => {
    const { diagnostics } = parseText('virtual_server_group web {\n192.0.2.17/28 80\n}\n');
    expect(diagnostics.map(({ message }) => message)).toContain(
      'an entry must be a network without bits behind its prefix, 192.0.2.16/28, found "192.0.2.17/28"; it is ignored',
    );
  });

  it('is kept without a family that there is not', () => {
    expect(keptValue(groupEntry, 'fwmark 7 ipv4')).toEqual({ kind: 'fwmark', mark: 7 });
  });
});

describe('what HTTP_GET wants of a page', () => {
  it('is any of several status codes and ranges', () => {
    expect(goodValue(statusCodes, '200 301-302 404')).toEqual([
      { first: 200, last: 200 },
      { first: 301, last: 302 },
      { first: 404, last: 404 },
    ]);
  });

  it.each([
    ['200,201', '200,201'],
    ['99', '99'],
    ['600', '600'],
    ['300-200', '300-200'],
    ['200 - 299', '-'],
    ['200 x', 'x'],
  ])('is not the status %s', (text, refused) => {
    expect(verdict(statusCodes, text)).toBe(`refused: ${refused}`);
  });

  it('may stand on several status_code lines', () => {
    expect(httpUrl.keywords.status_code.repeatable).toBe(true);
  });

  it('is an MD5 in capitals or not', () => {
    expect(goodValue(digest, '9B3A0C85A887A256D6939DA88AABD8CD')).toBe('9b3a0c85a887a256d6939da88aabd8cd');
    expect(verdict(digest, '9b3a0c85a887a256d6939da88aabd8')).toContain('refused');
  });

  it('is matched with any of the 24 options of PCRE2 that keepalived names', () => {
    expect(regexOptionNames).toHaveLength(24);
    expect(goodValue(regexOptions, regexOptionNames.join(' '))).toEqual(regexOptionNames);
    expect(verdict(regexOptions, 'caseless i')).toBe('refused: i');
  });

  it('is matched with a stack that does not shrink', () => {
    expect(goodValue(regexStack, '1024 65536')).toEqual({ startBytes: 1024, maxBytes: 65_536 });
    expect(verdict(regexStack, '65536 1024')).toBe('refused: 1024');
  });

  it.each(['1.0', '1.0C', '1.1'])('is asked for in HTTP %s', (version) => {
    expect(goodValue(argumentOf(httpGet, 'http_protocol'), version)).toBe(version);
  });

  it.each(['1.1C', '1.0c', '2'])('is not asked for in HTTP %s', (version) => {
    expect(verdict(argumentOf(sslGet, 'http_protocol'), version)).toBe(`refused: ${version}`);
  });
});

describe('datagrams of UDP_CHECK', () => {
  it('are bytes, with blanks between them or not', () => {
    expect(goodValue(hexBytes, '0a0B 0c')).toEqual([10, 11, 12]);
    expect(goodValue(hexBytes, '"0 1" ff')).toEqual([0, 1, 255]);
  });

  it.each(['0x0a', 'xx', '0a:0b', '""'])('are not %s', (text) => {
    expect(verdict(hexBytes, text)).toContain('refused');
  });

  it('may hold any digit where a reply has an x', () => {
    expect(goodValue(hexPattern, '0a x1 XX')).toEqual({ bytes: [10, 1, 0], mask: [255, 15, 0] });
  });

  it('need not be said where any reply is good', () => {
    expect(goodValue(argumentOf(udpCheck, 'require_reply'), '')).toBeUndefined();
  });
});

describe('a query of DNS_CHECK', () => {
  it.each(['A', 'NS', 'CNAME', 'SOA', 'MX', 'TXT', 'AAAA', 'RRSIG', 'DNSKEY'])('has the type %s', (type) => {
    expect(goodValue(dnsType, type.toLowerCase())).toBe(type);
  });

  it.each(['PTR', 'SRV', 'ANY'])('has not the type %s', (type) => {
    expect(verdict(dnsType, type)).toBe(`refused: ${type}`);
  });

  it('is for the root or for a name without empty labels', () => {
    expect(goodValue(domainName, '.')).toBe('.');
    expect(goodValue(domainName, 'example.org.')).toBe('example.org.');
    expect(verdict(domainName, 'a..b')).toBe('refused: a..b');
  });

  it('is retried three times', () => {
    expect(dnsCheck.keywords.retry.default).toBe('3');
  });
});

describe('the other checkers', () => {
  it.each([
    ['misc_timeout', miscCheck, '4294', '4295'],
    ['misc_timeout', miscCheck, '3', '1.5'],
    ['min_reply_length', udpCheck, '65535', '65536'],
    ['weight', fileCheck, '-2147483647 reverse', '2147483648'],
    ['name', bfdCheck, 'b'.repeat(31), 'b'.repeat(32)],
    ['connect_port', pingCheck, '65535', '0'],
    ['bind_port', tcpCheck, '1', '0'],
    ['connect_timeout', smtpCheck, '4294.967295', '4295'],
    ['retry', tcpCheck, '0', '-1'],
    ['delay_loop', tcpCheck, '0.000001', '0'],
    ['delay_before_retry', tcpCheck, '0', '-1'],
    ['fwmark', tcpCheck, '4294967295', '4294967296'],
  ] as const)('%s of %o takes what keepalived takes', (keyword, block: BlockSchema, good, bad) => {
    expect(verdict(argumentOf(block, keyword), good)).toBe('good');
    expect(verdict(argumentOf(block, keyword), bad)).toContain('refused');
  });

  it('have nothing of a connection where they make none', () => {
    for (const block of [miscCheck, fileCheck, bfdCheck]) {
      expect(findKeyword(block, 'connect_timeout'), block.name).toBeUndefined();
    }
  });

  it('have no retries where they follow a BFD session', () => {
    expect(Object.keys(bfdCheck.keywords)).toEqual(['name', 'alpha']);
  });

  it.each([
    [tcpCheck, '1', '1'],
    [httpGet, '1', '3'],
    [sslGet, '1', '3'],
    [dnsCheck, '3', 'delay_loop'],
    [miscCheck, '0', 'delay_loop'],
  ] as const)('have each their own pace of retries: %o', ({ keywords }, retry, delay) => {
    expect(keywords.retry.default).toBe(retry);
    expect(keywords.delay_before_retry.default).toBe(delay);
  });
});

describe('old words', () => {
  const words: readonly (readonly [string, BlockSchema, string])[] = [
    ['nb_get_retry', tcpCheck, 'retry'],
    ['nb_get_retry', httpGet, 'retry'],
    ['nb_get_retry', sslGet, 'retry'],
    ['lvs_sched', virtualServer, 'lb_algo'],
    ['lvs_method', virtualServer, 'lb_kind'],
  ];

  it.each(words)('%s is read, and can be replaced', (old, block, keyword) => {
    const found = findKeyword(block, old);
    expect(found?.name).toBe(keyword);
    expect(found?.alias?.deprecated?.replacement).toBe(keyword);
  });

  it('nat_mask can be deleted', () => {
    expect(virtualServer.keywords.nat_mask.deprecated?.replacement).toBe('');
  });

  it('lvs_method of a real server is not one of them', () => {
    expect(findKeyword(realServer, 'lvs_method')?.entry.deprecated).toBeUndefined();
    expect(findKeyword(realServer, 'lb_kind')).toBeUndefined();
  });

  it('nb_get_retry is not known where keepalived never knew it', () => {
    for (const block of [smtpCheck, dnsCheck, miscCheck, udpCheck, pingCheck]) {
      expect(findKeyword(block, 'nb_get_retry'), block.name).toBeUndefined();
    }
  });
});

describe('the keywords of services', () => {
  it.each([
    ['quorum', virtualServer, '4294967295', '0'],
    ['hysteresis', virtualServer, '0', '-1'],
    ['weight', virtualServer, '2147483647', '0'],
    ['weight', realServer, '0', '2147483648'],
    ['retry', virtualServer, '1', '0'],
    ['retry', realServer, '1', '0'],
    ['delay_loop', virtualServer, '99999', '0'],
    ['connect_timeout', virtualServer, '4294.967295', '5000'],
    ['ip_family', virtualServer, 'inet6', 'ipv6'],
    ['lb_algo', virtualServer, 'twos', 'random'],
    ['protocol', virtualServer, 'sctp', 'icmp'],
    ['uthreshold', realServer, '0', 'x'],
  ] as const)('%s of %o takes what keepalived takes', (keyword, block: BlockSchema, good, bad) => {
    expect(verdict(argumentOf(block, keyword), good)).toBe('good');
    expect(verdict(argumentOf(block, keyword), bad)).toContain('refused');
  });

  it('a quorum that is none is 1', () => {
    expect(virtualServer.keywords.quorum.fallback).toBe(1);
  });

  it('the name of a persistence engine is cut to the 15 bytes that the kernel has for it', () => {
    expect(keptValue(argumentOf(virtualServer, 'persistence_engine'), 'a-name-of-20-letters')).toBe(
      'a-name-of-20-le',
    );
  });
});
