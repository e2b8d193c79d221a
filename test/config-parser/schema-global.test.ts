import { describe, expect, it } from 'vitest';
import { findKeyword, schema } from '../../src/config-parser/index.ts';
import { manPageOnly } from '../../src/config-parser/schema/man-page-only.ts';
import { badSamples, complaintsAbout, goodSamples, keywordPlaces, sampleWith } from './keyword-samples.ts';
import { instanceWith, parseText, summary } from './parse-helpers.ts';

const blockNames = [
  'the configuration',
  'global_defs',
  'vrrp_sync_group',
  'vrrp_script',
  'vrrp_track_process',
  'track_file',
  'bfd_instance',
  'garp_group',
  'track_group',
  'SSL',
];

const places = keywordPlaces();
const mine = places.filter((place) => blockNames.includes(place.schema.name));

/** What the last `keyword` of global_defs says. */
function globalValue(line: string): unknown {
  const given = parseText(`global_defs {\n${line}\n}\n`).values.all('global_defs')[0]?.values.given[0];
  return given?.value;
}

/** What the first line of a root list says. */
function entry(list: 'static_routes' | 'static_rules' | 'interface_up_down_delays', line: string): unknown {
  return parseText(`${list} {\n${line}\n}\n`).values.entries(list)[0]?.value;
}

/** What the first keyword of a named root block says. */
function valueIn(block: 'vrrp_script' | 'vrrp_track_process' | 'track_file', line: string): unknown {
  return parseText(`${block} name {\n${line}\n}\n`).values.all(block)[0]?.values.given[0]?.value;
}

/** `severity code: text`, of one line of global_defs, without what is said of every keyword. */
function globalDiagnostics(line: string): readonly string[] {
  const text = `global_defs {\n${line}\n}\n${instanceWith()}`;
  return summary(parseText(text)).filter((told) => !told.includes('not-acted-on'));
}

describe('the tables of global settings, trackers and static parts', () => {
  it.each(blockNames)('%s: every keyword stands with its good samples and not with its bad ones', (name) => {
    const inBlock = mine.filter((place) => place.schema.name === name);
    expect(inBlock.length).toBeGreaterThan(0);
    for (const place of inBlock) {
      for (const sample of goodSamples(place)) {
        expect(
          complaintsAbout(sample).map(({ message }) => message),
          sample.lines,
        ).toEqual([]);
      }
      for (const sample of badSamples(place)) {
        expect(complaintsAbout(sample).length, sample.lines).toBeGreaterThan(0);
      }
    }
  });

  it('give only defaults that could be written', () => {
    const wrong = mine.flatMap((place) => {
      const { default: value } = place.entry;
      const complaints = value === undefined ? [] : complaintsAbout(sampleWith(place, value));
      return complaints.map(({ message }) => `${place.keyword}: ${message}`);
    });
    expect(wrong).toEqual([]);
    expect(mine.filter(({ entry: { default: value } }) => value !== undefined).length).toBeGreaterThan(40);
  });

  it('end no description with a full stop, and say more than a word or two', () => {
    const odd = mine.filter(({ entry: { doc } }) => doc.endsWith('.') || doc.length < 15);
    expect(odd.map(({ keyword }) => keyword)).toEqual([]);
  });

  it('name the word to write in place of every old one', () => {
    for (const { keyword, entry: keywordEntry } of mine) {
      for (const [old, { deprecated }] of Object.entries(keywordEntry.aliases ?? {})) {
        if (deprecated !== undefined) expect(deprecated.replacement, old).toBe(keyword);
      }
    }
    const old = mine.flatMap(({ entry: { aliases = {} } }) => Object.keys(aliases));
    expect(old).toEqual(expect.arrayContaining(['lvs_process_name', 'vrrp_track_file', 'vrrp_rlimit_rtime']));
  });

  it('leave no argument of their own loosely read', () => {
    const loose = mine.filter(({ entry: { argument } }) => argument.syntax === '<words>');
    expect(loose.map(({ keyword }) => keyword)).toEqual([]);
  });
});

describe('words that only the manual page knows', () => {
  const byName = new Map(places.map((place) => [place.schema.name, place.schema]));

  it.each(manPageOnly.filter(({ word }) => word === undefined))(
    '$keyword is not in the table of $block',
    ({ block, keyword }) => {
      const table = byName.get(block);
      if (table === undefined) throw new Error(`no block ${block}`);
      expect(findKeyword(table, keyword)).toBeUndefined();
    },
  );

  it.each([
    ['readable', 'global_defs {\ninclude_check readable\n}\n'],
    ['ip_proto', 'static_rules {\nip_proto tcp table 100 preference 1\n}\n'],
    ['ip_proto', 'vrrp_instance A {\nvirtual_rules {\nip_proto tcp table 100 preference 1\n}\n}\n'],
  ])('%s is refused where the manual page has it', (word, text) => {
    expect(manPageOnly.map((only) => only.word)).toContain(word);
    expect(summary(parseText(text))).toContain(`error invalid-value: ${word}`);
  });

  it('are replaced by words that the tables know', () => {
    const replaced = manPageOnly.filter(
      ({ word, replacement = '' }) => word === undefined && replacement !== '',
    );
    for (const { block, replacement = '' } of replaced) {
      const table = byName.get(block) ?? schema;
      expect(findKeyword(table, replacement), replacement).toBeDefined();
    }
    expect(replaced.length).toBe(3);
  });
});

describe('values of global_defs', () => {
  it.each([
    ['smtp_server mail.example.org 587', { host: 'mail.example.org', port: 587 }],
    ['smtp_connect_timeout 2.5', 2500],
    ['script_user nobody :nogroup', { user: 'nobody', group: 'nogroup' }],
    ['umask 022', 0o22],
    ['umask 0x12', 0x12],
    ['umask IWGRP|IWOTH', 0o22],
    ['umask IRUSR', 0o400],
    ['umask IWGRP | IWOTH |IROTH', 0o26],
    ['umask 0', 0],
    ['vrrp_cpu_affinity 0 3', [0, 3]],
    ['max_auto_priority', 'highest'],
    ['max_auto_priority -1', -1],
    ['vrrp_rt_priority 100', 99],
    ['vrrp_garp_extra_if all 60', { all: true, intervalSeconds: 60 }],
    ['vrrp_vmac_garp_intvl 60', { all: false, intervalSeconds: 60 }],
    ['vrrp_garp_interval 0.000001', 0.001],
    ['vrrp_iptables', { input: 'INPUT', output: 'OUTPUT' }],
    ['vrrp_iptables in', { input: 'in' }],
    ['vrrp_ipsets a b', ['a', 'b']],
    ['nftables', 'keepalived'],
    ['notify_fifo /run/a.fifo nobody nogroup', { path: '/run/a.fifo', user: 'nobody', group: 'nogroup' }],
    ['dynamic_interfaces', 'fixed'],
    ['dynamic_interfaces allow_if_changes', 'allow_if_changes'],
    ['vrrp_rx_bufs_policy advert', 'ADVERT'],
    ['vrrp_rx_bufs_policy 65536', 65_536],
    [
      'include_check +read -match',
      {
        changes: [
          { sign: '+', check: 'read' },
          { sign: '-', check: 'match' },
        ],
      },
    ],
    [
      'lvs_sync_daemon eth0 inst VI_1 id 7 maxlen 1400 port 8848 ttl 2 group 224.0.0.81',
      {
        interface: 'eth0',
        instance: 'VI_1',
        id: 7,
        maxLengthBytes: 1400,
        port: 8848,
        ttl: 2,
        group: '224.0.0.81',
      },
    ],
    ['lvs_sync_daemon eth0 VI_1 7', { interface: 'eth0', instance: 'VI_1', id: 7 }],
  ])('%s', (line, value) => {
    expect(globalValue(line)).toEqual(value);
  });

  it('lose of lvs_sync_daemon only the option that is wrong', () => {
    const line = 'lvs_sync_daemon eth0 inst VI_1 id 256 tll 3 port 8848';
    expect(globalValue(line)).toEqual({ interface: 'eth0', instance: 'VI_1', port: 8848 });
    expect(globalDiagnostics(line)).toEqual(['error invalid-value: 256', 'error unknown-option: tll']);
  });

  it('are told of the old form of lvs_sync_daemon with what to write', () => {
    const { diagnostics } = parseText('global_defs {\nlvs_sync_daemon eth0 VI_1 7\n}\n');
    const old = diagnostics.find(({ code }) => code === 'deprecated-keyword');
    expect(old?.help).toBe('write "inst VI_1 id 7" instead');
  });

  it('say when another value is used than the one written', () => {
    expect(globalDiagnostics('vrrp_rt_priority 100')).toEqual(['warning value-changed: 100']);
    expect(globalDiagnostics('smtp_connect_timeout 0')).toEqual(['warning value-changed: 0']);
    expect(globalValue('smtp_connect_timeout 0')).toBe(1000);
    expect(globalDiagnostics('vrrp_mcast_group6 ff0e::12')).toEqual(['warning value-changed: ff0e::12']);
  });
});

describe('values of trackers', () => {
  it.each([
    ['vrrp_script', 'weight -20 reverse', { weight: -20, reverse: true }],
    ['vrrp_script', 'weight 5', { weight: 5, reverse: false }],
    ['vrrp_script', 'interval 0.5', 500],
    ['vrrp_script', 'interval 0', 1000],
    ['vrrp_script', 'rise 0', 1],
    ['vrrp_script', 'weight 254', undefined],
    ['vrrp_track_process', 'weight 254', { weight: 254, reverse: false }],
    [
      'vrrp_track_process',
      'process nginx -g "daemon off;"',
      { program: 'nginx', args: ['-g', 'daemon off;'] },
    ],
    ['vrrp_track_process', 'param_match', 'none'],
    ['track_file', 'init_file overwrite 3', { value: 3, overwrite: true }],
    ['track_file', 'init_file', { value: 0, overwrite: false }],
  ] as const)('%s: %s', (block, line, value) => {
    expect(valueIn(block, line)).toEqual(value);
  });

  it('take several names on a line of a group', () => {
    const { values } = parseText('vrrp_sync_group G {\ngroup {\nA B\nC\n}\n}\n');
    const lines = values.all('vrrp_sync_group')[0]?.values.entries('group') ?? [];
    expect(lines.map(({ value }) => value)).toEqual([['A', 'B'], ['C']]);
  });

  it('keep an omitted delay for up apart from a zero', () => {
    expect(entry('interface_up_down_delays', 'eth0 1.5')).toEqual({ interface: 'eth0', downDelayMs: 1500 });
    expect(entry('interface_up_down_delays', 'eth0 1 0')).toEqual({
      interface: 'eth0',
      downDelayMs: 1000,
      upDelayMs: 0,
    });
  });
});
