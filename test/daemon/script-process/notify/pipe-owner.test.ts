import { describe, expect, it } from 'vitest';
import { parseAccounts } from '../../../../src/daemon/commands/accounts.ts';
import { pipeOwner } from '../../../../src/daemon/script-process/notify/pipe-owner.ts';

const passwd = 'root:x:0:0::/:/bin/sh\nops:x:1000:1001::/:/bin/sh\n';
const group = 'root:x:0:\nops:x:1001:\nwheel:x:50:ops\n';
const accounts = parseAccounts({ passwd, group });
const withScriptUser = parseAccounts({
  passwd: `${passwd}keepalived_script:x:900:901::/:/bin/false\n`,
  group,
});

describe('a named pipe', () => {
  it('belongs to the account of its line, with its group or the account’s own', () => {
    expect(pipeOwner({ user: 'ops' }, {}, accounts)).toEqual({ ok: true, account: { uid: 1000, gid: 1001 } });
    expect(pipeOwner({ user: 'ops', group: 'wheel' }, { defaultGroup: 'root' }, accounts)).toEqual({
      ok: true,
      account: { uid: 1000, gid: 50 },
    });
  });

  it('without one belongs to script_user and its group', () => {
    expect(pipeOwner({}, { defaultUser: 'ops', defaultGroup: 'wheel' }, accounts)).toEqual({
      ok: true,
      account: { uid: 1000, gid: 50 },
    });
  });

  it('without both belongs to keepalived_script where there is one, else to whom we are', () => {
    expect(pipeOwner({}, {}, withScriptUser)).toEqual({ ok: true, account: { uid: 900, gid: 901 } });
    expect(pipeOwner({}, {}, accounts)).toEqual({ ok: true });
  });

  it('of somebody who does not exist belongs to nobody, and that is said', () => {
    expect(pipeOwner({ user: 'gone' }, {}, accounts)).toEqual({
      ok: false,
      error: 'there is no user "gone" on this host',
    });
    expect(pipeOwner({ user: 'ops', group: 'gone' }, {}, accounts)).toEqual({
      ok: false,
      error: 'there is no group "gone" on this host',
    });
    // A number without an account has no group of its own.
    expect(pipeOwner({ user: '4321' }, {}, accounts)).toEqual({
      ok: false,
      error: 'user 4321 has no group of its own on this host',
    });
  });
});
