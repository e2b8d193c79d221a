/** The copies that a lab's daemons read: nothing outside of the lab is run, read or written, and all else is as it was. */
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config-parser/index.ts';
import { type ConfigCopy, copyConfiguration } from '../../../src/drill/lab/config-copy.ts';
import { broken, withoutOneServer } from '../../../src/drill/lab/config-edits.ts';

function copyOf(files: Readonly<Record<string, string>>): ConfigCopy {
  return copyConfiguration('/etc/k/main.conf', {
    node: 'lb01',
    folder: '/lab',
    recorder: ['/lab/record', 'lb01'],
    standIn: ['/lab/answer', 'lb01'],
    reader: {
      read: (path) => {
        const text = files[path];
        return text === undefined ? { error: 'no such file' } : { text };
      },
      glob: (pattern) =>
        Object.keys(files).filter((name) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name)),
    },
  });
}

function mainText(text: string): string {
  return [...copyOf({ '/etc/k/main.conf': text }).files.values()].join('');
}

describe('programs', () => {
  test.each([
    ['notify_master "/etc/a.sh x y" root', 'notify_master "/lab/record lb01 notify_master /etc/a.sh x y"'],
    ['notify_backup /etc/b.sh', 'notify_backup "/lab/record lb01 notify_backup /etc/b.sh"'],
    ['@lb01 notify "/etc/a.sh"', '@lb01 notify "/lab/record lb01 notify /etc/a.sh"'],
    ['notify_deleted', 'notify_deleted'],
  ])('%s', (line, copy) => {
    expect(mainText(`vrrp_instance V {\n${line}\n}\n`).split('\n')).toContainEqual(
      expect.stringMatching(new RegExp(`^\\s*${escaped(copy)}$`)),
    );
  });

  test('of a vrrp_script and a MISC_CHECK end as the lab wants', () => {
    const copy = copyOf({
      '/etc/k/main.conf': `vrrp_script chk { script "/usr/bin/pgrep x"\n interval 2 }
virtual_server 10.0.0.1 80 { real_server 10.0.0.2 80 { MISC_CHECK { misc_path "/etc/check 1" } } }`,
    });
    const text = [...copy.files.values()].join('');
    expect(text).toContain('script "/lab/answer lb01 chk"');
    expect(text).toContain('misc_path "/lab/answer lb01 _etc_check_1"');
    expect(copy.scripts).toEqual(['chk', '_etc_check_1']);
    expect(text).not.toMatch(/pgrep|"\/etc\/check/);
  });
});

test('what reaches out of the lab is left out, and said', () => {
  const copy = copyOf({
    '/etc/k/main.conf':
      'net_namespace blue\nglobal_defs {\n script_user nobody\n enable_script_security\n router_id A\n}\n',
  });
  expect([...copy.dropped]).toEqual(['net_namespace', 'script_user', 'enable_script_security']);
  expect([...copy.files.values()].join('')).toMatch(/^\s*global_defs \{\s+router_id A\s+\}\s*$/);
});

test('pipes, tracked files and key files are in the lab', () => {
  const copy = copyOf({
    '/etc/k/main.conf': `global_defs { vrrp_notify_fifo /run/k.fifo }
track_file f { file /run/weight }
vrrp_instance V { auth_hmac { key 1 file:/etc/k/1.key
 active_key 1 } }`,
  });
  const text = [...copy.files.values()].join('');
  expect(text).toContain('vrrp_notify_fifo /lab/lb01-vrrp_notify_fifo');
  expect(text).toContain('file /lab/lb01-track-0');
  expect(text).toContain('file:/lab/lb01-key-0');
  expect([...copy.trackFiles]).toEqual([['/run/weight', '/lab/lb01-track-0']]);
  expect([...copy.keyFiles]).toEqual([['/etc/k/1.key', '/lab/lb01-key-0']]);
});

test('included files are copied too, with patterns and relative to the file that names them', () => {
  const copy = copyOf({
    '/etc/k/main.conf': 'include conf.d/*.conf\n',
    '/etc/k/conf.d/a.conf': 'global_defs { router_id A }\n',
    '/etc/k/conf.d/b.conf': 'vrrp_instance V { notify /x }\n',
  });
  expect([...copy.files.keys()]).toEqual(['lb01-0.conf', 'lb01-1.conf', 'lb01-2.conf']);
  expect(copy.files.get('lb01-0.conf')).toBe('include /lab/lb01-1.conf\ninclude /lab/lb01-2.conf\n');
  expect(copy.files.get('lb01-2.conf')).toContain('/lab/record');
});

test('all else means what it meant', () => {
  const text =
    'vrrp_instance V { interface eth0\n virtual_router_id 7\n virtual_ipaddress { 10.0.0.1/24 } }\n';
  const read = (source: string) => parseConfig({ read: () => ({ text: source }) }, 'x').config;
  expect(read(mainText(text))).toEqual(read(text));
});

describe('changes for reloads', () => {
  const service =
    'virtual_server 10.0.0.1 80 {\n  real_server 10.0.0.2 80 {\n  }\n  real_server 10.0.0.3 80 {\n    TCP_CHECK {\n    }\n  }\n}\n';

  test('the last real server of two is taken out with its checks', () => {
    expect(withoutOneServer(service)).toBe(
      'virtual_server 10.0.0.1 80 {\n  real_server 10.0.0.2 80 {\n  }\n}\n',
    );
  });

  test('an only real server is left alone', () => {
    expect(
      withoutOneServer('virtual_server 10.0.0.1 80 {\n  real_server 10.0.0.2 80 {\n  }\n}\n'),
    ).toBeUndefined();
  });

  test('a broken text does not parse', () => {
    const { diagnostics } = parseConfig({ read: () => ({ text: broken(service) }) }, 'x');
    expect(diagnostics.some(({ severity }) => severity === 'error' || severity === 'fatal')).toBe(true);
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
