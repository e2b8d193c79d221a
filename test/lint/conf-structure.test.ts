/** Blocks, their order, what uses them, and files. */
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config-parser/index.ts';
import { lint } from '../../src/lint/lint.ts';
import { buildFileModel } from '../../src/lint/model/index.ts';
import { allRules } from '../../src/lint/rules/index.ts';
import { lintText, messagesOf } from './conf-harness.ts';

const cascade = 'conf/unknown-block-cascade';

describe('a block that is not known', () => {
  it('costs keepalived what follows in every block around it', () => {
    const text = `virtual_server 192.0.2.10 80 {
    real_server 192.0.2.20 80 {
        TPC_CHECK {
            connect_timeout 3
        }
        weight 2
    }
    lb_algo rr
    lb_kind DR
}
`;
    expect(messagesOf(text, cascade)).toEqual([
      'unknown block "TPC_CHECK" in real_server 192.0.2.20 80: holdfast skips it, but keepalived reads 1 line (connect_timeout) as if it stood in real_server 192.0.2.20 80, takes its "}" for the end of that and reads 3 lines (weight, lb_algo, lb_kind) below it one level too far out',
    ]);
  });

  it('costs nothing more outside of all blocks', () => {
    expect(messagesOf('foo {\n    a\n    b\n}\nglobal_defs {\n}\n', cascade)).toEqual([
      'unknown block "foo" outside of all blocks: holdfast skips it, but keepalived reads 2 lines (a, b) as if they stood outside of all blocks',
    ]);
  });

  it('names five lines of many', () => {
    const text = `foo {\n${'    a\n'.repeat(9)}}\n`;
    expect(messagesOf(text, cascade)[0]).toContain('9 lines (a, a, a, a, a, ...)');
  });
});

const late = 'conf/define-after-use';

describe('what is defined below its use', () => {
  it.each([
    ['a script of an instance', 'vrrp_instance A {\n track_script {\n s\n }\n}\n', 'vrrp_script s {\n}\n'],
    ['a file of a group', 'vrrp_sync_group G {\n track_file {\n s\n }\n}\n', 'track_file s {\n}\n'],
    [
      'a file of a check',
      'virtual_server 192.0.2.1 80 {\n real_server 192.0.2.2 80 {\n FILE_CHECK {\n track_file s\n }\n }\n}\n',
      'track_file s {\n}\n',
    ],
    [
      'a group of a static address',
      'static_ipaddress {\n 192.0.2.7/24 dev eth0 track_group s\n}\n',
      'track_group s {\n}\n',
    ],
  ])('is %s', (_what, use, definition) => {
    expect(lintText(use + definition, late)).toHaveLength(1);
    expect(lintText(definition + use, late)).toEqual([]);
  });
});

describe('what is defined and not used', () => {
  const unused = 'conf/defined-but-unused';
  it.each([
    ['vrrp_script s {\n}\n', 'vrrp_instance A {\n track_script {\n s\n }\n}\n'],
    [
      'track_file s {\n}\n',
      'virtual_server 192.0.2.1 80 {\n real_server 192.0.2.2 80 {\n FILE_CHECK {\n track_file s\n }\n }\n}\n',
    ],
    [
      'bfd_instance s {\n}\n',
      'virtual_server 192.0.2.1 80 {\n real_server 192.0.2.2 80 {\n BFD_CHECK {\n name s\n }\n }\n}\n',
    ],
    ['vrrp_track_process s {\n}\n', 'vrrp_sync_group G {\n track_process {\n s\n }\n}\n'],
    ['virtual_server_group s {\n}\n', 'virtual_server group s {\n}\n'],
    ['track_group s {\n}\n', 'static_routes {\n 192.0.2.0/24 dev eth0 track_group s\n}\n'],
  ])('is reported until something uses it: %j', (definition, use) => {
    expect(lintText(definition, unused)).toHaveLength(1);
    expect(lintText(definition + use, unused)).toEqual([]);
  });
});

describe('words that only some releases know', () => {
  it('are told once, with the further places', () => {
    const one = (name: string) => `vrrp_instance ${name} {\n    v3_checksum_as_v2\n}\n`;
    const findings = lintText(one('A') + one('B'), 'conf/version-mismatch');
    expect(findings).toHaveLength(1);
    expect(findings[0]?.notes).toHaveLength(1);
  });

  it('are told of words that are holdfast’s own too, and of FULLNAT', () => {
    const own = `local_address_group out {
    192.0.2.1
}
virtual_server 192.0.2.10 80 {
    attempt_timeout 3
    laddr_group_name out
    lb_kind NAT
    real_server 192.0.2.20 80 {
        lvs_method FNAT
    }
    real_server 192.0.2.21 80 {
        lvs_method FULLNAT
    }
}
`;
    const findings = lintText(own, 'conf/version-mismatch');
    expect(findings.map(({ message, notes = [] }) => [message.split(':')[0], notes.length])).toEqual([
      ['"local_address_group" is a word of holdfast', 0],
      ['"attempt_timeout" is a word of holdfast', 0],
      ['"laddr_group_name" is a word of holdfast', 0],
      ['FULLNAT is a method of holdfast', 1],
    ]);
    expect(lintText(own.replace(/F(?:ULL)?NAT/g, 'NAT'), 'conf/version-mismatch')).toHaveLength(3);
  });
});

describe('what holdfast does not act on', () => {
  it('is a warning only where that changes what the network sees', () => {
    const levels = (text: string) => lintText(text, 'conf/not-acted-on').map(({ level }) => level);
    expect(levels('net_namespace blue\n')).toEqual(['warn']);
    expect(levels('global_defs {\n    max_auto_priority 50\n}\n')).toEqual(['info']);
  });
});

describe('a file that cannot be read', () => {
  it('is an error of its own, at its beginning', () => {
    const reader = { read: () => ({ error: 'no such file or directory' }) };
    const model = buildFileModel('a.conf', parseConfig(reader, 'a.conf', { fold: false }));
    const findings = lint([model], { rules: allRules, isPair: false });
    expect(findings).toMatchObject([
      { rule: 'conf/missing-file-exit-0', level: 'error', span: { file: 'a.conf', start: 0, end: 0 } },
    ]);
    expect(findings[0]?.message).toBe(
      'cannot read a.conf: no such file or directory: keepalived would say so, run and do nothing, and keepalived -t exits 0',
    );
  });
});

describe('an include that fails', () => {
  const first = 'vrrp_instance A {\n}\n';
  it.each([
    ['include /x/*.conf', 'conf/include-matches-nothing', 'goes on without it'],
    ['includew /x/*.conf', 'conf/include-matches-nothing', 'ends with status 6'],
    ['include /x/a.conf', 'conf/missing-file-exit-0', 'goes on without it'],
    ['includem /x/a.conf', 'conf/missing-file-exit-0', 'ends with status 6'],
  ])('with %s is told by %s: keepalived %s', (line, rule, consequence) => {
    const messages = messagesOf(`${first}${line}\n`, rule);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(consequence);
  });
});

describe('what is accepted and changes nothing', () => {
  it.each([
    'global_defs {\n    stats_dump_file /x\n}\n',
    'global_defs {\n    json_dump_file /x\n}\n',
    'vrrp_instance A {\n    linkbeat_use_polling\n}\n',
    'virtual_server 192.0.2.1 80 {\n    hashed\n}\n',
    'vrrp_instance A {\n    virtual_router_id 7\n    interface eth0\n    skip_check_adv_addr off\n}\n',
  ])('is reported once, by one rule: %j', (text) => {
    const found = lintText(text, 'conf/ineffective-option');
    const [place] = found;
    expect(found).toHaveLength(1);
    const others = lintText(text).filter(
      ({ rule, span }) => span?.start === place?.span?.start && rule !== 'conf/ineffective-option',
    );
    expect(others.map(({ rule }) => rule)).toEqual([]);
  });
});
