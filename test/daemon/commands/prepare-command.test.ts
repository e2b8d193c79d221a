import { chmodSync, chownSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CommandConfig, ScriptSecurityConfig } from '../../../src/config-parser/config.ts';
import { parseAccounts } from '../../../src/daemon/commands/accounts.ts';
import { type CommandHost, prepareCommand } from '../../../src/daemon/commands/prepare-command.ts';
import { isRoot, plainSecurity, scratchFolder, subfolder, writeScript } from './scripts.ts';

const group = 'root:x:0:\nnogroup:x:65534:\nweb:x:800:nobody\n';
const passwd = 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n';
const asRoot: CommandHost = {
  accounts: parseAccounts({ passwd, group }),
  uid: 0,
  gid: 0,
  searchPath: undefined,
};
const withUsualAccount: CommandHost = {
  ...asRoot,
  accounts: parseAccounts({ passwd: `${passwd}keepalived_script:x:770:771::/:/bin/false\n`, group }),
};
const { defaultUser: _, ...nobodyNamed } = plainSecurity;

function prepare(command: CommandConfig, security: ScriptSecurityConfig = plainSecurity, host = asRoot) {
  return prepareCommand(command, security, host);
}

const env: CommandConfig = { argv: ['/usr/bin/env', '-0'] };

describe('the account of a command', () => {
  it('is that of the command, before script_user', () => {
    expect(prepare({ ...env, user: 'nobody' })).toMatchObject({
      command: { account: { uid: 65534, gid: 65534 } },
    });
  });

  it('is script_user where the command names none', () => {
    const security = { ...plainSecurity, defaultUser: 'nobody', defaultGroup: 'web' };
    expect(prepare(env, security)).toMatchObject({ command: { account: { uid: 65534, gid: 800 } } });
  });

  it('does not take the group of script_user for a user of its own', () => {
    const security = { ...plainSecurity, defaultUser: 'root', defaultGroup: 'web' };
    expect(prepare({ ...env, user: 'nobody' }, security)).toMatchObject({
      command: { account: { gid: 65534 } },
    });
  });

  it('is keepalived_script where that exists and nothing else is said', () => {
    expect(prepare(env, nobodyNamed, withUsualAccount)).toMatchObject({
      command: { account: { uid: 770, gid: 771 } },
    });
  });

  it('is root where it does not, which needs no change of account', () => {
    const prepared = prepare(env, nobodyNamed);
    expect(prepared).toMatchObject({ ok: true });
    expect(prepared.ok && prepared.command.account).toBeUndefined();
  });

  it('is nobody with enable_script_security and neither: the command is refused', () => {
    expect(prepare(env, { ...nobodyNamed, refusesWritable: true })).toMatchObject({
      ok: false,
      problem: { kind: 'no-default-account', severity: 'refused' },
    });
  });

  it('may be given in numbers', () => {
    expect(prepare({ ...env, user: '1234', group: '5' })).toMatchObject({
      command: { account: { uid: 1234, gid: 5 } },
    });
  });

  it.each([
    [{ user: 'nobdy' }, 'no-such-user', 'there is no user "nobdy" on this host'],
    [{ user: 'nobody', group: 'wheel' }, 'no-such-group', 'there is no group "wheel" on this host'],
  ])('that is unknown refuses the command: %j', (account, kind, message) => {
    expect(prepare({ ...env, ...account })).toEqual({
      ok: false,
      problem: { kind, severity: 'refused', message },
    });
  });

  it('needs a group where its number belongs to nobody', () => {
    expect(prepare({ ...env, user: '1234' })).toMatchObject({
      problem: { kind: 'no-such-group', message: expect.stringContaining('name a group behind it') },
    });
  });

  it('has its supplementary groups only with set_supplementary_groups', () => {
    const command = { ...env, user: 'nobody' };
    expect(prepare(command)).toMatchObject({ command: { supplementaryGroups: [] } });
    expect(prepare(command, { ...plainSecurity, setSupplementaryGroups: true })).toMatchObject({
      command: { supplementaryGroups: [800] },
    });
  });

  it('can only be our own when we are not root', () => {
    const unprivileged = { ...asRoot, uid: 1000, gid: 1000 };
    expect(prepare({ ...env, user: 'nobody' }, plainSecurity, unprivileged)).toMatchObject({
      problem: { kind: 'not-root', message: expect.stringContaining('only root can do that') },
    });
    expect(prepare({ ...env, user: '1000' }, plainSecurity, unprivileged)).toMatchObject({ ok: true });
    expect(prepare(env, { ...nobodyNamed, refusesWritable: true }, unprivileged)).toMatchObject({ ok: true });
  });
});

describe('the program of a command', () => {
  it('is found in PATH, and in the usual folders where there is no PATH', () => {
    const folder = scratchFolder();
    const path = writeScript(folder, 'holdfast-only-here', 'exit 0');
    const found = prepare({ argv: ['holdfast-only-here', 'x'] }, plainSecurity, {
      ...asRoot,
      searchPath: `relative:${folder}`,
    });
    expect(found).toMatchObject({ command: { file: path, name: 'holdfast-only-here', args: ['x'] } });
    expect(prepare({ argv: ['sh'] })).toMatchObject({ ok: true });
  });

  it.each([
    ['/nonexistent/check.sh', 'the program cannot be run: /nonexistent/check.sh: ENOENT'],
    ['holdfast-nowhere', 'the program cannot be run: no folder of PATH has a program "holdfast-nowhere"'],
    ['/usr', 'the program cannot be run: /usr is not a regular file'],
    ['</dev/tcp/127.0.0.1/80', expect.stringContaining('is a redirection, for which it would need a shell')],
  ])('that cannot be run is refused: %s', (program, message) => {
    expect(prepare({ argv: [program] })).toMatchObject({
      ok: false,
      problem: { kind: 'not-found', message },
    });
  });

  it.each([
    [0o644, {}],
    [0o740, { user: '1234', group: '5' }],
    [0o705, { user: '1234', group: '0' }],
  ])('of mode %o is refused to one who may not execute it', (mode, account) => {
    const path = writeScript(scratchFolder(), 'check.sh', 'exit 0', mode);
    expect(prepare({ argv: [path], ...account })).toMatchObject({ problem: { kind: 'not-executable' } });
  });

  it('may be executed by way of a supplementary group', () => {
    const path = writeScript(scratchFolder(), 'check.sh', 'exit 0', 0o750);
    chownSync(path, process.geteuid?.() ?? 0, isRoot ? 800 : (process.getegid?.() ?? 0));
    const security = { ...plainSecurity, setSupplementaryGroups: true };
    const result = prepare({ argv: [path], user: 'nobody' }, security);
    expect(result.ok).toBe(isRoot);
  });

  it('is executed by its real path, or by the link with use_symlink_paths', () => {
    const folder = scratchFolder();
    const path = writeScript(folder, 'real.sh', 'exit 0');
    const link = join(folder, 'link.sh');
    symlinkSync(path, link);
    expect(prepare({ argv: [link] })).toMatchObject({ command: { file: path, name: link } });
    expect(prepare({ argv: [link] }, { ...plainSecurity, useSymlinkPaths: true })).toMatchObject({
      command: { file: link },
    });
  });
});

describe.runIf(isRoot)('script security', () => {
  const strict = { ...plainSecurity, refusesWritable: true };

  it('lets a program run that only root can change', () => {
    const path = writeScript(scratchFolder(), 'check.sh', 'exit 0');
    expect(prepare({ argv: [path] }, strict)).toMatchObject({ ok: true, warnings: [] });
  });

  it.each([
    [
      'a file that everybody can write',
      (path: string) => chmodSync(path, 0o777),
      'can be written by everybody (mode 0777)',
    ],
    [
      'a file of another user',
      (path: string) => chownSync(path, 65534, 0),
      'belongs to user 65534 (mode 0755)',
    ],
    [
      'a file that a group can write',
      (path: string) => {
        chownSync(path, 0, 800);
        chmodSync(path, 0o775);
      },
      'can be written by group 800',
    ],
  ])('refuses %s, and only warns without enable_script_security', (_what, spoil, reason) => {
    const path = writeScript(scratchFolder(), 'check.sh', 'exit 0');
    spoil(path);
    const message = expect.stringContaining(`${path} ${reason}`);
    expect(prepare({ argv: [path] }, strict)).toMatchObject({
      ok: false,
      problem: { kind: 'writable-by-others', severity: 'refused', message },
    });
    expect(prepare({ argv: [path] })).toMatchObject({
      ok: true,
      warnings: [{ severity: 'warned', message }],
    });
  });

  it('refuses a program below a folder that others can write, and names that folder', () => {
    const open = subfolder(scratchFolder(), 'open', 0o777);
    const path = writeScript(subfolder(open, 'closed', 0o755), 'check.sh', 'exit 0');
    expect(prepare({ argv: [path] }, strict)).toMatchObject({
      problem: { message: expect.stringContaining(`${open} can be written by everybody`) },
    });
  });

  it('allows a folder with the sticky bit, and a group that is root', () => {
    const sticky = subfolder(scratchFolder(), 'sticky', 0o1777);
    const path = writeScript(sticky, 'check.sh', 'exit 0', 0o775);
    expect(prepare({ argv: [path] }, strict)).toMatchObject({ ok: true, warnings: [] });
  });

  it('does not concern a program that runs as somebody else', () => {
    const path = writeScript(subfolder(scratchFolder(), 'open', 0o777), 'check.sh', 'exit 0');
    expect(prepare({ argv: [path], user: 'nobody' }, strict)).toMatchObject({ ok: true, warnings: [] });
  });

  it('looks at the folders of a link that is executed as such', () => {
    const folder = scratchFolder();
    const path = writeScript(folder, 'check.sh', 'exit 0');
    const link = join(subfolder(folder, 'open', 0o777), 'link.sh');
    symlinkSync(path, link);
    expect(prepare({ argv: [link] }, strict)).toMatchObject({ ok: true });
    expect(prepare({ argv: [link] }, { ...strict, useSymlinkPaths: true })).toMatchObject({ ok: false });
  });
});
