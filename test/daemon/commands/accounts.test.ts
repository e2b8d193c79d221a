import { describe, expect, it } from 'vitest';
import { parseAccounts } from '../../../src/daemon/commands/accounts.ts';

const files = {
  passwd: [
    'root:x:0:0:root:/root:/bin/bash',
    '# a comment',
    'broken:x:none:0',
    'checks:x:990:991::/:/usr/sbin/nologin',
    '1000:x:1234:1234:a user whose name is a number:/:/bin/sh',
    'checks:x:5:5:the second of its name:/:/bin/sh',
  ].join('\n'),
  group: ['root:x:0:', 'checks:x:991:', 'haproxy:x:980:nginx,checks', 'docker:x:700:checks', ''].join('\n'),
};

describe('accounts', () => {
  const accounts = parseAccounts(files);

  it('finds a user by name, and the first where two have it', () => {
    expect(accounts.user('checks')).toEqual({ name: 'checks', uid: 990, gid: 991 });
  });

  it('takes a number for the id, and knows its account where there is one', () => {
    expect(accounts.user('990')).toEqual({ name: 'checks', uid: 990, gid: 991 });
    expect(accounts.user('4711')).toEqual({ uid: 4711 });
  });

  it('prefers the account whose name is that number', () => {
    expect(accounts.user('1000')).toMatchObject({ uid: 1234 });
  });

  it.each(['broken', 'nobody-we-know', '', '-1', '4294967295', '0x10', 'chec'])(
    'has no user "%s"',
    (name) => {
      expect(accounts.user(name)).toBeUndefined();
    },
  );

  it('finds groups by name and by number', () => {
    expect(accounts.group('haproxy')).toBe(980);
    expect(accounts.group('12')).toBe(12);
    expect(accounts.group('wheel')).toBeUndefined();
  });

  it('lists the groups that a user is a member of, without its own', () => {
    expect(accounts.supplementaryGroups({ name: 'checks', uid: 990, gid: 991 })).toEqual([700, 980]);
    expect(accounts.supplementaryGroups({ name: 'checks', uid: 990, gid: 700 })).toEqual([980]);
    expect(accounts.supplementaryGroups({ uid: 990 })).toEqual([]);
  });

  it('asks a directory service only for what the files do not have', () => {
    const asked: string[] = [];
    const asking = parseAccounts({
      ...files,
      ask: (database, name) => {
        asked.push(`${database} ${name}`);
        return name === 'ldap' ? 'ldap:*:20001:20002::/:/bin/sh\n' : undefined;
      },
    });
    expect(asking.user('checks')?.uid).toBe(990);
    expect(asking.user('ldap')).toEqual({ name: 'ldap', uid: 20001, gid: 20002 });
    expect(asking.user('nobody-we-know')).toBeUndefined();
    expect(asked).toEqual(['passwd ldap', 'passwd nobody-we-know']);
  });
});
