import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BfdInstanceConfig } from '../../../src/config-parser/config.ts';
import { address } from '../../../src/net/address.ts';
import { BfdChild, Keepalived } from './bfd-fixture.ts';
import {
  createVethPair,
  inNamespace,
  leftAddress,
  rightAddress,
  type VethPair,
} from './namespace-fixture.ts';

let pair: VethPair;
const ours: BfdChild[] = [];
const theirs: Keepalived[] = [];

beforeEach(() => {
  pair = createVethPair();
});

afterEach(async () => {
  await Promise.all([...ours.splice(0), ...theirs.splice(0)].map((end) => end.stop()));
  pair.remove();
});

/** What the left end has configured. */
function session(changes: Partial<BfdInstanceConfig> = {}): BfdInstanceConfig {
  return {
    name: 'B1',
    neighborAddress: address(rightAddress),
    sourceAddress: address(leftAddress),
    minRxMs: 50,
    minTxMs: 50,
    idleTxMs: 1000,
    multiplier: 3,
    isPassive: false,
    hopLimit: 255,
    maxHops: 0,
    isMultihop: false,
    mayVrrpTrack: true,
    mayCheckerUse: true,
    ...changes,
  };
}

const atRight = { neighborAddress: address(leftAddress), sourceAddress: address(rightAddress) };

/** Before the other programs of a busy machine: what is tested here is not the scheduler. keepalived gets the same. */
const ahead = { realtimePriority: 20, realtimeLimitUs: 1_000_000 };

/** The successor of a process that was killed while its session was up. */
function heir(namespace: string, config: BfdInstanceConfig): BfdChild {
  const started = new BfdChild(namespace, ahead);
  started.inherit(config.name, true);
  started.configure([config]);
  ours.push(started);
  return started;
}

function child(namespace: string, ...configs: readonly BfdInstanceConfig[]): BfdChild {
  const started = new BfdChild(namespace, ahead);
  started.configure(configs);
  ours.push(started);
  return started;
}

function keepalived(...lines: readonly string[]): Keepalived {
  const all = [`neighbor_ip ${leftAddress}`, `source_ip ${rightAddress}`, 'multiplier 3', ...lines];
  const started = new Keepalived(pair.right, all);
  theirs.push(started);
  return started;
}

function linkLocal(namespace: string): string {
  const text = inNamespace(namespace, 'ip', '-6', '-o', 'addr', 'show', 'dev', 'veth0', 'scope', 'link');
  return /inet6 ([0-9a-f:]+)\//.exec(text)?.[1] ?? '';
}

/** What tcpdump says about the next `count` packets that enter or leave the left end. */
async function tcpdump(count: number, filter: string): Promise<readonly string[]> {
  const command = ['tcpdump', '-c', String(count), '-v', '-n', '-l', '-i', 'veth0', filter];
  const { stdout } = await promisify(execFile)('ip', [
    'netns',
    'exec',
    pair.left,
    'timeout',
    '10',
    ...command,
  ]);
  return stdout.split(/\n(?=\S)/);
}

const pause = (ms: number) => setTimeout(ms);

describe('a session with keepalived', () => {
  it('comes up, and is down a Detection Time after keepalived died', async () => {
    const peer = keepalived('min_rx 50', 'min_tx 50');
    const own = child(pair.left, session());
    await own.until(true);
    await peer.untilSays('(B1) Entering Up state');
    await pause(1000);
    peer.killAll();
    const killedAtMs = performance.now();
    const downAtMs = await own.until(false);
    await own.says(/\(B1\) Expired after (?:1[5-9]|[2-9]\d)\d ms/);
    await own.says(/\(B1\) Entering Down state/);
    expect(own.log).toContain(
      '(B1) Entering Down state (Local diagnostic - Control Detection Time Expired, Remote diagnostic - No Diagnostic)',
    );
    expect(downAtMs - killedAtMs).toBeLessThan(1000);
  });

  it('is down for keepalived a Detection Time after our process died', async () => {
    const peer = keepalived('min_rx 50', 'min_tx 50');
    const own = child(pair.left, session());
    await own.until(true);
    await peer.untilSays('(B1) Entering Up state');
    await pause(1000);
    own.kill('SIGKILL');
    await peer.untilSays(/\(B1\) Expired after (?:1[5-9]|[2-9]\d)\d ms/);
    await peer.untilSays('Tracked BFD instance B1 is DOWN');
  });

  it('ends with AdminDown when we stop: keepalived need not wait for the Detection Time', async () => {
    const peer = keepalived('min_rx 1000', 'min_tx 1000');
    const own = child(pair.left, session({ minRxMs: 1000, minTxMs: 1000, multiplier: 5 }));
    await own.until(true);
    await peer.untilSays('(B1) Entering Up state');
    await own.stop();
    expect(own.exitCode).toBe(0);
    await peer.untilSays('Remote diagnostic - Administratively Down', 1000);
    expect(peer.output).not.toContain('Expired');
    // Our own end is not reported to those who track the session.
    expect(own.isUp()).toBe(true);
  });

  it('is down when keepalived stops, and up again when it is back', async () => {
    const peer = keepalived('min_rx 50', 'min_tx 50');
    const own = child(pair.left, session());
    await own.until(true);
    await peer.stop();
    await own.until(false, 1000);
    keepalived('min_rx 50', 'min_tx 50');
    await own.until(true);
    expect(own.readings.map(({ reading }) => 'isUp' in reading && reading.isUp)).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('holds at 10 ms with a multiplier of 5 for ten seconds', async () => {
    const peer = keepalived('min_rx 10', 'min_tx 10', 'multiplier 5');
    const own = child(pair.left, session({ minRxMs: 10, minTxMs: 10, multiplier: 5 }));
    await own.until(true);
    await pause(10_000);
    expect(own.readings.map(({ reading }) => 'isUp' in reading && reading.isUp)).toEqual([false, true]);
    expect(own.log.filter((line) => line.includes('Expired'))).toEqual([]);
    expect(peer.output).not.toContain('Expired');
  });

  it('runs over IPv6 with keepalived’s hop limit of 64', async () => {
    inNamespace(pair.left, 'ip', 'addr', 'add', '2001:db8::1/64', 'dev', 'veth0', 'nodad');
    inNamespace(pair.right, 'ip', 'addr', 'add', '2001:db8::2/64', 'dev', 'veth0', 'nodad');
    const lines = [
      'neighbor_ip 2001:db8::1',
      'source_ip 2001:db8::2',
      'min_rx 50',
      'min_tx 50',
      'multiplier 3',
    ];
    const peer = new Keepalived(pair.right, lines);
    theirs.push(peer);
    const ends = {
      neighborAddress: address('2001:db8::2'),
      sourceAddress: address('2001:db8::1'),
      hopLimit: 64,
    };
    const own = child(pair.left, session(ends));
    await own.until(true);
    await peer.untilSays('(B1) Entering Up state');
  });

  it('stays up over a reload that changes the intervals, which keepalived is told in a poll sequence', async () => {
    const peer = keepalived('min_rx 50', 'min_tx 50');
    const own = child(pair.left, session());
    await own.until(true);
    await pause(500);
    own.configure([session({ minRxMs: 120, minTxMs: 100 })]);
    await own.untilConfigured(2);
    await peer.untilSays(/local +50000 +50000 +120000 .*\n.*remote +100000 +120000/);
    own.configure([session({ minRxMs: 50, minTxMs: 50 })]);
    await own.untilConfigured(3);
    await pause(1000);
    expect(own.log.filter((line) => /Entering (Up|Down)/.test(line))).toEqual(['(B1) Entering Up state']);
    expect(own.log).toContain('(B1) Detection time is 360 ms (was 150 ms)');
    expect(own.log).toContain('(B1) Detection time is 150 ms (was 360 ms)');
  });
});

describe('two sessions of ours', () => {
  it('send with TTL 255 from one port of the range that RFC 5881 section 4 gives, to port 3784', async () => {
    const [left] = [child(pair.left, session()), child(pair.right, session(atRight))];
    await left.until(true);
    const packets = await tcpdump(6, `udp and src host ${leftAddress}`);
    const ports = packets.flatMap(
      (text) => /192\.0\.2\.1\.(\d+) > 192\.0\.2\.2\.3784:.*BFDv1/.exec(text)?.[1] ?? [],
    );
    expect(new Set(ports).size).toBe(1);
    expect(Number(ports[0])).toBeGreaterThanOrEqual(49_152);
    expect(packets.filter((text) => /ttl 255/.test(text)).length).toBe(ports.length);
  });

  it('run between link-local addresses', async () => {
    const [own, other] = [address(linkLocal(pair.left)), address(linkLocal(pair.right))];
    const left = child(pair.left, session({ neighborAddress: other, sourceAddress: own }));
    child(pair.right, session({ neighborAddress: own, sourceAddress: other }));
    await left.until(true);
  });

  it('drop what has come through a router unless max_hops allows it', async () => {
    const distant = { hopLimit: 254 };
    const left = child(pair.left, session());
    const right = child(pair.right, session({ ...atRight, ...distant }));
    await Promise.all([left.untilConfigured(1), right.untilConfigured(1)]);
    await pause(2500);
    expect(left.isUp()).toBe(false);
    left.configure([session({ maxHops: 1 })]);
    await left.until(true);
  });

  it('run as multihop sessions on port 4784', async () => {
    const multihop = { isMultihop: true, maxHops: 10 };
    const left = child(pair.left, session(multihop));
    child(pair.right, session({ ...atRight, ...multihop }));
    await left.until(true);
    const packets = await tcpdump(2, `udp and src host ${leftAddress}`);
    expect(packets.join()).toContain('192.0.2.2.4784');
  });

  it('come up when one of them is passive', async () => {
    const left = child(pair.left, session({ isPassive: true }));
    child(pair.right, session(atRight));
    await left.until(true);
  });

  it('are not down for those who track them when the process is killed and another takes its place', async () => {
    const left = child(pair.left, session());
    const right = child(pair.right, session(atRight));
    await left.until(true);
    left.kill('SIGKILL');
    await right.until(false);
    const successor = heir(pair.left, session());
    await right.until(true);
    await successor.until(true);
    expect(successor.readings.map(({ reading }) => reading)).toEqual([
      { kind: 'bfd', name: 'B1', isUp: true },
    ]);
  });

  it('are down for those who track them when the neighbour does not answer the successor either', async () => {
    const successor = heir(pair.left, session());
    await successor.untilConfigured(1);
    expect(successor.readings).toEqual([]);
    await successor.until(false);
    expect(successor.readings).toHaveLength(1);
  });

  it('hear what came while the process did not run, before they decide', async () => {
    const left = child(pair.left, session({ minTxMs: 100, minRxMs: 50, multiplier: 20 }));
    child(pair.right, session({ ...atRight, minRxMs: 100 }));
    await left.until(true);
    await pause(1000);
    // The other end waits 2 s for us; we wait 150 ms for it.
    left.kill('SIGSTOP');
    await pause(600);
    left.kill('SIGCONT');
    await pause(500);
    expect(left.log.filter((line) => line.includes('Expired'))).toEqual([]);
    expect(left.isUp()).toBe(true);
  });

  it('go on untouched when another session is added or taken away', async () => {
    inNamespace(pair.left, 'ip', 'addr', 'add', '192.0.2.11/24', 'dev', 'veth0');
    inNamespace(pair.right, 'ip', 'addr', 'add', '192.0.2.12/24', 'dev', 'veth0');
    const [low, high] = [address('192.0.2.11'), address('192.0.2.12')];
    const second = session({ name: 'B2', neighborAddress: high, sourceAddress: low });
    const left = child(pair.left, session());
    const right = child(
      pair.right,
      session(atRight),
      session({ name: 'B2', neighborAddress: low, sourceAddress: high }),
    );
    await left.until(true);
    left.configure([session(), second]);
    await right.until(true, 15_000, 'B2');
    left.configure([session()]);
    await right.until(false, 15_000, 'B2');
    expect(right.log.join('\n')).toContain(
      '(B2) Entering Down state (Local diagnostic - Neighbor Signaled Session Down',
    );
    expect(left.log.filter((line) => /\(B1\) Entering (Up|Down)/.test(line))).toEqual([
      '(B1) Entering Up state',
    ]);
    expect(right.log.filter((line) => /\(B1\) Entering (Up|Down)/.test(line))).toEqual([
      '(B1) Entering Up state',
    ]);
  });

  it('come up once the port that another program held is free, and say why not until then', async () => {
    const peer = new Keepalived(pair.left, ['neighbor_ip 192.0.2.77', 'source_ip 192.0.2.1']);
    theirs.push(peer);
    await peer.untilSays('Startup complete');
    await pause(500);
    const left = child(pair.left, session());
    child(pair.right, session(atRight));
    await left.untilConfigured(1);
    await pause(1500);
    expect(left.log.filter((line) => line.includes('listen on UDP port 3784'))).toHaveLength(1);
    await peer.stop();
    await left.until(true);
  });

  it('come up once the source address is there, and say why not until then', async () => {
    inNamespace(pair.left, 'ip', 'addr', 'del', `${leftAddress}/24`, 'dev', 'veth0');
    const left = child(pair.left, session());
    child(pair.right, session(atRight));
    await left.untilConfigured(1);
    await pause(1200);
    expect(left.log.join('\n')).toMatch(
      /\(B1\) no packet can be sent: bind to 192\.0\.2\.1 port \d+: .*EADDRNOTAVAIL/,
    );
    inNamespace(pair.left, 'ip', 'addr', 'add', `${leftAddress}/24`, 'dev', 'veth0');
    await left.until(true);
    expect(left.log).toContain('(B1) packets can be sent again');
  });
});
