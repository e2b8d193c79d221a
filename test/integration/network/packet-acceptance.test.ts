/** What others make of our packets: tcpdump's own decoder finds nothing wrong with them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { buildDirectorPair, type DirectorPair } from '../../../src/drill/director-pair.ts';
import { vrrpOnlyFile } from '../../../src/drill/tutorial-files.ts';
import { until } from '../../../src/drill/until.ts';

let pair: DirectorPair | undefined;
afterEach(() => pair?.close());

test('tcpdump -v reads the advertisement and the announcement as the tutorial configures them', async () => {
  pair = await buildDirectorPair({
    daemons: { lb01: 'holdfast', lb02: 'holdfast' },
    configFile: vrrpOnlyFile,
  });
  const { capture, lb01, folder } = pair;
  lb01.start();
  await until('lb01 has advertised and announced', 15_000, () => {
    const kinds = new Set(capture.sightings().map((seen) => seen.kind));
    return kinds.has('advertisement') && kinds.has('gratuitousArp');
  });
  const decoded = spawnSync('tcpdump', ['-v', '-n', '-e', '-r', join(folder, 'switch.pcap')], {
    encoding: 'utf8',
  });
  const advertisement = decoded.stdout.slice(decoded.stdout.indexOf('proto VRRP'));
  expect(decoded.stdout).toMatch(/01:00:5e:00:00:12, ethertype IPv4/);
  expect(decoded.stdout).toMatch(/tos 0xc0, ttl 255,/);
  expect(advertisement).toMatch(/10\.0\.0\.5 > 224\.0\.0\.18: VRRPv2, Advertisement, /);
  expect(advertisement).toMatch(
    /vrid 51, prio 150, authtype simple, intvl 1s, length 20, addrs: 10\.0\.0\.3 auth "1111/,
  );
  expect(decoded.stdout).not.toMatch(/bad|invalid|truncated/i);
  expect(decoded.stdout).toMatch(/> ff:ff:ff:ff:ff:ff, ethertype ARP .*Request who-has 10\.0\.0\.3/);
});
