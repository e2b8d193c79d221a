/** Words that are not taken as they were meant: arguments, comments, cases, numbers. */
import { describe, expect, it } from 'vitest';
import { fixed, fixedUnsafely, lintText, messagesOf } from './conf-harness.ts';

const scriptRule = 'conf/unquoted-script-args';

function instance(line: string): string {
  return `vrrp_instance VI_1 {\n    interface eth0\n    virtual_router_id 7\n    ${line}\n}\n`;
}

function script(line: string): string {
  return `vrrp_script chk {\n    ${line}\n}\n`;
}

describe('arguments of scripts', () => {
  it('are quoted with the program of a vrrp_script, whatever they are', () => {
    expect(fixed(script('script /bin/check web'), scriptRule)).toBe(script('script "/bin/check web"'));
  });

  it.each([
    ['notify_master /x -a', 'notify_master "/x -a"'],
    ['notify /x /var/log/y', 'notify "/x /var/log/y"'],
    ['notify_backup /x one two three', 'notify_backup "/x one two three"'],
  ])('are quoted safely in "%s", where no account can be meant', (before, after) => {
    expect(fixed(instance(before), scriptRule)).toBe(instance(after));
  });

  it('are quoted only with --unsafe-fixes where the second word is hardly an account', () => {
    const text = instance('notify_master /x a=b');
    expect(fixed(text, scriptRule)).toBe(text);
    expect(fixedUnsafely(text, scriptRule)).toBe(instance('notify_master "/x a=b"'));
  });

  it.each([
    'notify_master /x nobody',
    'notify_master /x nobody nogroup',
    'notify_master "/x -a" nobody',
    'notify_master /x',
    'notify_master /x\\ -a',
  ])('are none in "%s"', (line) => {
    expect(lintText(instance(line), scriptRule)).toEqual([]);
  });

  it('of a misc_path have a rule of their own', () => {
    const text = `virtual_server 192.0.2.10 80 {\n real_server 192.0.2.20 80 {\n MISC_CHECK {\n misc_path /x -a\n }\n }\n}\n`;
    expect(lintText(text, scriptRule)).toEqual([]);
    expect(lintText(text, 'lvs/misc-check-args')).toHaveLength(1);
  });
});

const commentRule = 'conf/comment-in-value';

describe('a # or ! that begins a comment', () => {
  it.each([
    ['auth_pass pa#ss', 'auth_pass "pa#ss"'],
    ['auth_pass pa!ss # mine', 'auth_pass "pa!ss" # mine'],
    ['regex ^a#b$', 'regex "^a#b$"'],
    ['path /a#b', 'path "/a#b"'],
  ])('in the value of "%s" cuts it', (before, after) => {
    expect(messagesOf(`${before}\n`, commentRule)).toHaveLength(1);
    expect(fixed(`${before}\n`, commentRule)).toBe(`${before}\n`);
    expect(fixedUnsafely(`${before}\n`, commentRule)).toBe(`${after}\n`);
  });

  it('in the value of a definition cuts it', () => {
    expect(messagesOf('$PASS=pa#ss\n', commentRule)).toEqual([
      'this value ends before "#ss": "#" begins a comment there, and the value is cut',
    ]);
  });

  it('is not hidden by single quotes', () => {
    expect(lintText("script '/x #a'\n", commentRule)).toHaveLength(1);
  });

  it.each([
    'auth_pass pass # a comment',
    'auth_pass "pa#ss"',
    'auth_pass pa\\#ss',
    'interface eth0# the inner one',
    '# auth_pass pa#ss',
    '! auth_pass pa!ss',
    'script "/x a!b" # c',
  ])('is meant in "%s"', (line) => {
    expect(lintText(`${line}\n`, commentRule)).toEqual([]);
  });
});

describe('numbers', () => {
  it('with a unit are told apart from other bad values', () => {
    expect(lintText(instance('garp_master_repeat 5x'), 'conf/integer-trailing-text')).toHaveLength(1);
    expect(lintText(instance('garp_master_repeat x5'), 'conf/integer-trailing-text')).toEqual([]);
    expect(lintText(instance('garp_master_repeat x5'), 'conf/invalid-value')).toHaveLength(1);
  });
});

describe('words of the manual page that keepalived does not read', () => {
  it.each([
    ['global_defs {\n    state_file_location /x\n}\n', 'state_dump_file'],
    ['static_rules {\n    from 192.0.2.0/24 ip_proto tcp table 5\n}\n', 'ipproto'],
  ])('are told with the right one: %j', (text, word) => {
    const [finding] = lintText(text, 'conf/man-page-only-keyword');
    expect(finding?.message).toContain(word);
    expect(finding?.fix?.edits[0]?.text).toBe(word);
  });

  it('are reported once, and not as unknown too', () => {
    const text = 'global_defs {\n    state_file_location /x\n}\n';
    expect(lintText(text).map(({ rule }) => rule)).toEqual(['conf/man-page-only-keyword']);
  });
});

describe('several on one line', () => {
  it('are keywords where the block knows them, and else words too many', () => {
    const auth = 'authentication { auth_type PASS auth_pass x }';
    expect(lintText(instance(auth), 'conf/multiple-keywords-per-line')).toHaveLength(1);
    expect(lintText(instance('priority 150 high'), 'conf/extra-words')).toHaveLength(1);
  });

  it('are trackers, or a mistyped option of one', () => {
    const list = (line: string) => instance(`track_interface {\n    ${line}\n    }`);
    expect(lintText(list('eth0 eth1'), 'conf/multiple-values-per-line')).toHaveLength(1);
    expect(lintText(list('eth0 wieght 2'), 'conf/unknown-option')).toHaveLength(1);
  });
});
