import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { changeSysctl, readSysctl, writeSysctl } from '../../src/kernel/sysctl.ts';

describe.skipIf(!existsSync('/proc/sys/net/ipv4/conf/all/rp_filter'))('a setting', () => {
  test('is read without the end of its line', () => {
    expect(readSysctl('ipv4/conf/all/rp_filter')).toEqual({
      ok: true,
      value: expect.stringMatching(/^\d+$/),
    });
  });

  test('that is as it should be is not written', () => {
    const found = readSysctl('ipv4/conf/all/rp_filter');
    if (!found.ok) throw new Error(found.problem);
    expect(changeSysctl('ipv4/conf/all/rp_filter', found.value)).toEqual({
      ok: true,
      previous: found.value,
      changed: false,
    });
  });

  test('that there is not is told of as a sentence', () => {
    const problem = 'cannot read net/ipv4/conf/no.such.one/rp_filter: ENOENT';
    expect(readSysctl('ipv4/conf/no.such.one/rp_filter')).toEqual({ ok: false, code: 'ENOENT', problem });
    expect(changeSysctl('ipv4/conf/no.such.one/rp_filter', 1)).toEqual({
      ok: false,
      code: 'ENOENT',
      problem,
    });
  });
});

test.each(['../kernel/panic', 'ipv4//conf', '/ipv4/conf', 'ipv4/./conf'])(
  '"%s" is no name of a setting',
  (path) => {
    expect(readSysctl(path)).toMatchObject({ ok: false, code: 'EINVAL' });
    expect(writeSysctl(path, 1)).toMatchObject({
      ok: false,
      problem: `cannot set net/${path} to 1: that is no name of a setting`,
    });
  },
);
