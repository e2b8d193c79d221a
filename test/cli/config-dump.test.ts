/** `holdfast config dump` from its command line to what it prints. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { testFolder } from './lint-harness.ts';
import { runCommand } from './run-command.ts';

const { at, write } = testFolder();

const text = `$IF=eth1
vrrp_instance VI_1 {
    interface $IF
    virtual_router_id 7
    @lb01 priority 150
    @lb02 priority 100
    include addresses.conf
    notify_master "/bin/tell \${_ENV WHO}"
}
`;

function dump(args: readonly string[], input = '') {
  return runCommand(['config', 'dump', ...args], { input, environment: { WHO: 'ops' } });
}

describe('holdfast config dump', () => {
  it('prints what is left after includes, variables, conditions and defaults', async () => {
    write('addresses.conf', 'virtual_ipaddress {\n192.0.2.10/24\n}\n');
    const { exitCode, out, error } = await dump([write('a.conf', text), '-i', 'lb02']);
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: '' });
    expect(out).toContain('    interface eth1\n');
    expect(out).toContain('    priority 100\n');
    expect(out).toContain('    virtual_ipaddress {\n        192.0.2.10/24\n    }\n');
    expect(out).toContain('    # default: advert_int 1\n');
    expect(out).toContain('/bin/tell ops');
    expect(out).not.toMatch(/\$|@|include|priority 150/);
  });

  it('prints text that comes to the same when it is read again', async () => {
    write('addresses.conf', 'virtual_ipaddress {\n192.0.2.10/24\n}\n');
    const { out } = await dump([write('a.conf', text), '-i', 'lb02', '--format', 'json']);
    const again = await dump(
      ['-', '-i', 'lb02', '--format', 'json'],
      (await dump([at('a.conf'), '-i', 'lb02'])).out,
    );
    expect(again.exitCode).toBe(0);
    expect(JSON.parse(again.out).config).toEqual(JSON.parse(out).config);
  });

  it('has no default where a block round it, or global_defs, says something else', async () => {
    const server = 'delay_loop 6\nreal_server 192.0.2.20 80 {\n}\n';
    const { out } = await dump(
      ['-'],
      `global_defs {\nvrrp_garp_master_delay 1\n}\nvrrp_instance VI_1 {\n}\nvirtual_server 192.0.2.10 80 {\n${server}}\n`,
    );
    expect(out).toContain('# default: garp_master_repeat 5\n');
    expect(out).toContain('        # default: connect_timeout 5\n');
    expect(out).not.toContain('# default: garp_master_delay');
    expect(out).not.toContain('# default: delay_loop');
  });

  it.each(['lb01.conf', 'lb02-two-instances.conf', 'minimal.conf'])(
    'means the same as examples/%s, which it was made from',
    async (name) => {
      const file = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
      const meaning = async (path: string, input = '') =>
        JSON.parse((await dump([path, '--format', 'json'], input)).out).config;
      expect(await meaning('-', (await dump([file])).out)).toEqual(await meaning(file));
    },
  );

  it('is JSON with --format json, with a version', async () => {
    const { out } = await dump(['-', '--format', 'json'], 'vrrp_instance VI_1 {\npriority 150\n}\n');
    const dumped = JSON.parse(out);
    expect(dumped).toMatchObject({ version: 1, file: '<stdin>' });
    expect(dumped.statements[0]).toMatchObject({ keyword: 'vrrp_instance', args: ['VI_1'] });
    expect(dumped.statements[0].contents[0]).toEqual({ keyword: 'priority', args: ['150'] });
    expect(dumped.statements[0].contents).toContainEqual({
      keyword: 'advert_int',
      args: ['1'],
      isDefault: true,
    });
  });

  it('prints what it understood where something is wrong, says what, and is status 1', async () => {
    const { exitCode, out, error } = await dump(['-'], 'vrrp_instance VI_1 {\npriority 300\nbogus\n}\n');
    expect(exitCode).toBe(1);
    expect(out).toContain('vrrp_instance VI_1 {');
    expect(error).toContain('<stdin>:3:1: ');
  });

  it('is status 2 for a file that is not there', async () => {
    const { exitCode, out, error } = await dump([at('missing.conf')]);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(error).toMatch(/cannot read .*missing\.conf: no such file or directory/);
  });

  it('without a file, and "config" alone, are wrong use', async () => {
    expect((await dump([])).exitCode).toBe(2);
    expect((await runCommand(['config'])).exitCode).toBe(2);
  });
});
