import { describe, expect, it } from 'vitest';
import type { BfdInstanceConfig, TrackProcessConfig } from '../../src/config-parser/config.ts';
import { noTracking } from './empty-config.ts';
import { blockOf, instanceWith, onlyInstance, parseText } from './parse-helpers.ts';

function trackersOf(text: string) {
  return parseText(text).config.trackers;
}

function codes(text: string): readonly string[] {
  return parseText(text).diagnostics.map(({ severity, code }) => `${severity} ${code}`);
}

describe('a vrrp_script', () => {
  const script = (...lines: readonly string[]) => `${blockOf('vrrp_script s', ...lines)}\n`;
  const usual = {
    name: 's',
    command: { argv: ['/bin/check', 'a b', 'c'] },
    intervalMs: 1000,
    timeoutMs: 1000,
    rise: 1,
    fall: 1,
    initFail: false,
  };
  const command = `script "/bin/check 'a b' c"`;

  it.each<[readonly string[], object]>([
    [[command], usual],
    [[command, 'interval 0.5'], { ...usual, intervalMs: 500, timeoutMs: 500 }],
    [[command, 'interval 5', 'timeout 2'], { ...usual, intervalMs: 5000, timeoutMs: 2000 }],
    [[command, 'rise 2', 'fall 3', 'init_fail'], { ...usual, rise: 2, fall: 3, initFail: true }],
    [
      [command, 'user nobody nogroup'],
      { ...usual, command: { ...usual.command, user: 'nobody', group: 'nogroup' } },
    ],
    [['script /bin/false', command], usual],
  ])('of %j means it', (lines, expected) => {
    expect(trackersOf(script(...lines)).scripts).toEqual([expected]);
  });

  it('runs as its user, else as script_user', () => {
    const global = 'global_defs {\nscript_user holdfast staff\n}\n';
    const accountOf = (...lines: readonly string[]) => {
      const [found] = trackersOf(global + script(command, ...lines)).scripts;
      return [found?.command.user, found?.command.group];
    };
    expect(accountOf()).toEqual(['holdfast', 'staff']);
    expect(accountOf('user nobody')).toEqual(['nobody', undefined]);
  });

  it.each([
    ['no script', 'interval 2', 'error tracker-incomplete'],
    ['a script that names no program', `script "''"`, 'error invalid-value'],
    ['a script whose inner quotes are open', `script "/bin/check 'a"`, 'error invalid-value'],
  ])('with %s is left out, and so is what tracks it', (_what, line, told) => {
    const text = script(line) + instanceWith(blockOf('track_script', 's'));
    expect(codes(text)).toEqual([told, 'error unknown-tracker']);
    expect(trackersOf(text).scripts).toEqual([]);
    expect(onlyInstance(text).tracking).toEqual(noTracking);
  });

  it('is the first of two with one name', () => {
    const text = script('script /bin/a') + script('script /bin/b');
    expect(trackersOf(text).scripts.map(({ command: { argv } }) => argv)).toEqual([['/bin/a']]);
    expect(codes(text)).toEqual(['warning duplicate-name']);
  });
});

describe('a track_file', () => {
  it.each<[string, object]>([
    ['', {}],
    ['init_file 3', { initial: { value: 3, overwrite: false } }],
    ['init_file overwrite', { initial: { value: 0, overwrite: true } }],
  ])('with %j means it', (line, expected) => {
    const text = blockOf('track_file f', 'file /run/f', line);
    expect(trackersOf(text).files).toEqual([{ name: 'f', path: '/run/f', ...expected }]);
  });

  it('without a file is left out', () => {
    expect(codes('track_file f {\n}\n')).toEqual(['error tracker-incomplete']);
  });
});

describe('a vrrp_track_process', () => {
  const usual = {
    name: 'p',
    command: ['nginx'],
    fullCommand: false,
    quorum: 1,
    forkDelayMs: 0,
    terminateDelayMs: 0,
  };

  it.each<[readonly string[], Partial<TrackProcessConfig>]>([
    [['process nginx'], usual],
    [['process nginx -g x'], { ...usual, command: ['nginx', '-g', 'x'], fullCommand: true }],
    [['process nginx', 'full_command'], { ...usual, fullCommand: true }],
    [['process nginx', 'param_match'], { ...usual, parameterMatch: 'none' }],
    [['process nginx', 'param_match partial'], { ...usual, parameterMatch: 'partial' }],
    [['process nginx', 'quorum 2', 'quorum_max 2'], { ...usual, quorum: 2, quorumMax: 2 }],
    [['process nginx', 'quorum_max 0'], { ...usual, quorumMax: 0 }],
    [['process nginx', 'quorum 3', 'quorum_max 2'], { ...usual, quorum: 3 }],
    [['process nginx', 'quorum_max 2', 'quorum 3'], { ...usual, quorumMax: 2 }],
    [['process nginx', 'delay 2'], { ...usual, forkDelayMs: 2000, terminateDelayMs: 2000 }],
    [['process nginx', 'delay 2', 'fork_delay 1'], { ...usual, forkDelayMs: 1000, terminateDelayMs: 2000 }],
    [
      ['process nginx', 'terminate_delay 1', 'delay 2'],
      { ...usual, forkDelayMs: 2000, terminateDelayMs: 2000 },
    ],
  ])('of %j means it', (lines, expected) => {
    expect(trackersOf(blockOf('vrrp_track_process p', ...lines)).processes).toEqual([expected]);
  });
});

describe('a bfd_instance', () => {
  const usual: BfdInstanceConfig = {
    name: 'b',
    neighborAddress: '192.0.2.2' as BfdInstanceConfig['neighborAddress'],
    minRxMs: 10,
    minTxMs: 10,
    idleTxMs: 1000,
    multiplier: 5,
    isPassive: false,
    hopLimit: 255,
    maxHops: 0,
    isMultihop: false,
    mayVrrpTrack: true,
    mayCheckerUse: true,
  };

  it.each<[string, object]>([
    ['', usual],
    ['source_ip 192.0.2.1', { ...usual, sourceAddress: '192.0.2.1' }],
    ['source_ip 2001:db8::1', usual],
    [
      'min_rx 20\nmin_tx 30\nidle_tx 2000\nmultiplier 3',
      { ...usual, minRxMs: 20, minTxMs: 30, idleTxMs: 2000, multiplier: 3 },
    ],
    [
      'passive\nttl 64\nmax_hops 2\nmultihop',
      { ...usual, isPassive: true, hopLimit: 64, maxHops: 2, isMultihop: true },
    ],
    ['vrrp', { ...usual, mayCheckerUse: false }],
    ['checker', { ...usual, mayVrrpTrack: false }],
    ['vrrp\nchecker', usual],
  ])('with %j means it', (lines, expected) => {
    expect(trackersOf(blockOf('bfd_instance b', 'neighbor_ip 192.0.2.2', lines)).bfds).toEqual([expected]);
  });

  it('over IPv6 has the hop limit of keepalived', () => {
    expect(trackersOf(blockOf('bfd_instance b', 'neighbour_ip fe80::1')).bfds[0]?.hopLimit).toBe(64);
  });
});

describe('what an instance tracks', () => {
  const definitions = [
    blockOf('vrrp_script s', 'script /bin/true', 'weight -5 reverse'),
    blockOf('track_file f', 'file /run/f'),
    blockOf('vrrp_track_process p', 'process nginx'),
    blockOf('bfd_instance b', 'neighbor_ip 192.0.2.2', 'weight 7'),
    blockOf('bfd_instance c', 'neighbor_ip 192.0.2.3', 'checker'),
    '',
  ].join('\n');
  const trackingOf = (...lines: readonly string[]) =>
    onlyInstance(definitions + instanceWith(...lines)).tracking;

  it.each<[string, string, object]>([
    ['track_interface', 'eth1', { interfaces: [{ name: 'eth1', weight: 0, reverse: false }] }],
    [
      'track_interface',
      'eth1 weight 5 reverse',
      { interfaces: [{ name: 'eth1', weight: 5, reverse: true }] },
    ],
    ['track_interface', 'eth0', {}],
    ['track_script', 's', { scripts: [{ name: 's', weight: -5, reverse: true }] }],
    ['track_script', 's weight 3 noreverse', { scripts: [{ name: 's', weight: 3, reverse: false }] }],
    ['track_script', 's weight 0', { scripts: [{ name: 's', weight: 0, reverse: true }] }],
    ['track_script', 's weight 3\ns weight 4', { scripts: [{ name: 's', weight: 3, reverse: true }] }],
    ['track_script', 'missing', {}],
    ['track_file', 'f', { files: [{ name: 'f', weight: 1, reverse: false }] }],
    ['track_process', 'p weight 254', { processes: [{ name: 'p', weight: 254, reverse: false }] }],
    ['track_bfd', 'b', { bfds: [{ name: 'b', weight: 7, reverse: false }] }],
    ['track_bfd', 'c', {}],
  ])('in %s with %j is that', (keyword, lines, expected) => {
    expect(trackingOf(blockOf(keyword, lines))).toEqual({ ...noTracking, ...expected });
  });

  it('may be its own interface where that is not tracked by itself', () => {
    const interfaces = [{ name: 'eth0', weight: 0, reverse: false }];
    expect(trackingOf('dont_track_primary', blockOf('track_interface', 'eth0')).interfaces).toEqual(
      interfaces,
    );
  });

  it('may be defined below it', () => {
    const text = instanceWith(blockOf('track_file', 'f')) + definitions;
    expect(onlyInstance(text).tracking.files).toHaveLength(1);
  });

  it('with priority 255 has no weight', () => {
    const given = trackingOf('priority 255', blockOf('track_script', 's'), blockOf('track_process', 'p'));
    expect(given).toEqual({ ...noTracking, processes: [{ name: 'p', weight: 0, reverse: false }] });
  });

  it('of lines that are equal is that of each instance', () => {
    const track = blockOf('track_script', 's');
    const two =
      definitions + instanceWith(track) + instanceWith(track).replace('VI_1', 'VI_2').replace('51', '52');
    const all = parseText(two).config.vrrpInstances.map(({ tracking }) => tracking.scripts.length);
    expect(all).toEqual([1, 1]);
  });
});
