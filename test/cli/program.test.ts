import { describe, expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { nameFiles } from '../../src/cli/run-files.ts';
import type { RunOptions } from '../../src/cli/run-options.ts';

interface Outcome {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
  readonly options: RunOptions | undefined;
}

async function holdfast(...args: string[]): Promise<Outcome> {
  let out = '';
  let error = '';
  let options: RunOptions | undefined;
  const streams = {
    out: (text: string) => {
      out += text;
    },
    error: (text: string) => {
      error += text;
    },
    input: async () => '',
    isTerminal: false,
    environment: {},
    flush: async () => undefined,
  };
  const exitCode = await runProgram(
    args,
    async (given) => {
      options = given;
      return 42;
    },
    streams,
  );
  return { exitCode, out, error, options };
}

async function optionsOf(...args: string[]): Promise<RunOptions> {
  const { options, error } = await holdfast('run', ...args);
  if (options === undefined) throw new Error(`not accepted: ${error}`);
  return options;
}

describe('holdfast', () => {
  test('--help names the commands that there are and no others', async () => {
    const { exitCode, out } = await holdfast('--help');
    expect(exitCode).toBe(0);
    const lines = out.slice(out.indexOf('Commands:')).split('\n').slice(1);
    // What is indented further goes on with a description.
    const commands = lines.filter((line) => /^ {2}\S/.test(line));
    expect(commands.map((line) => line.trim().split(' ')[0])).toEqual([
      'run',
      'ctl',
      'plan',
      'realserver',
      'drill',
      'lint',
      'fmt',
      'explain',
      'config',
      'completion',
    ]);
  });

  test('--version prints the version', async () => {
    expect(await holdfast('--version')).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^holdfast \d+\.\d+\.\d+\n$/),
    });
  });

  test.each([
    [['run', '--bogus'], "unknown option '--bogus'"],
    [['run', '-nZ'], "unknown option '-Z'"],
    [['run', '-n', 'stray'], 'too many arguments'],
    [['run', '-f'], 'argument missing'],
    [['run', '-u', '08'], 'from 0 to 0777'],
    [['run', '-S', 'local8'], 'local0 to local7'],
    [['run', '-s', 'blue'], 'ip netns exec blue holdfast run'],
    [['dance'], "unknown command 'dance'"],
    [[], 'Usage: holdfast'],
  ])('%j: usage on standard error and status 2', async (args, complaint) => {
    const { exitCode, out, error } = await holdfast(...args);
    expect(exitCode).toBe(2);
    expect(error).toContain(complaint);
    expect(error).toContain('Usage: holdfast');
    expect(out).toBe('');
  });

  test('the commands that read texts are performed with their flags', async () => {
    const layout = await holdfast('fmt', '--check', '/nonexistent/a.conf');
    expect(layout).toMatchObject({ exitCode: 2, error: expect.stringContaining('/nonexistent/a.conf') });
    const keyword = await holdfast('explain', 'advert_int');
    expect(keyword).toMatchObject({ exitCode: 0, out: expect.stringContaining('advert_int') });
    expect((await holdfast('explain')).out.split('\n')).toContain('vrrp/vip-default-prefix');
    const dumped = await holdfast('config', 'dump', '--format', 'json', '/nonexistent/a.conf');
    expect(dumped).toMatchObject({ exitCode: 2, error: expect.stringContaining('no such file') });
    expect((await holdfast('config', 'dump', '--format', 'xml', 'x')).exitCode).toBe(2);
    expect((await holdfast('explain', '--list')).out).toBe((await holdfast('explain')).out);
    expect((await holdfast('completion', 'bash')).out).toContain('lint');
    expect((await holdfast('completion', 'csh')).exitCode).toBe(2);
  });

  test("run's status is the program's", async () => {
    expect((await holdfast('run', '-n')).exitCode).toBe(42);
  });
});

describe("keepalived's flags", () => {
  test('none at all means its defaults, and the background', async () => {
    expect(await optionsOf()).toMatchObject({
      file: '/etc/keepalived/keepalived.conf',
      foreground: false,
      roles: ['vrrp', 'checker', 'script', 'bfd'],
      respawn: true,
      configTest: undefined,
      logFile: undefined,
      pidFiles: { main: '/run/holdfast/holdfast.pid' },
      notices: [],
    });
  });

  test('cluster as in keepalived', async () => {
    expect(await optionsOf('-Dln', '-f/tmp/x.conf')).toMatchObject({
      logDetail: true,
      logConsole: true,
      foreground: true,
      file: '/tmp/x.conf',
    });
  });

  test('have their long forms', async () => {
    const flags = '--dont-fork --dont-release-vrrp --dont-release-ipvs --dont-respawn --no-syslog --all';
    expect(await optionsOf(...flags.split(' '), '--use-file', 'y.conf', '--vrrp_pid=v')).toMatchObject({
      foreground: true,
      keepAddressesOnExit: true,
      keepIpvsOnExit: true,
      respawn: false,
      noSyslog: true,
      allChildren: true,
      file: 'y.conf',
      pidFiles: { vrrp: 'v' },
    });
  });

  test.each<[string[], string[]]>([
    [['-P'], ['vrrp', 'script', 'bfd']],
    [['-C'], ['checker', 'script', 'bfd']],
    [['-PC'], ['vrrp', 'checker', 'script', 'bfd']],
    [['-B'], ['vrrp', 'checker', 'script']],
    [['-PB'], ['vrrp', 'script']],
  ])('%j runs %j', async (flags, roles) => {
    expect((await optionsOf(...flags)).roles).toEqual(roles);
  });

  test.each([
    ['9090', { host: '127.0.0.1', port: 9090 }],
    ['10.0.0.1:9090', { host: '10.0.0.1', port: 9090 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['lb01:80', { host: 'lb01', port: 80 }],
  ])('--metrics %s', async (text, address) => {
    expect((await optionsOf('--metrics', text)).metrics).toEqual(address);
    expect((await optionsOf()).metrics).toBeUndefined();
  });

  test.each(['', 'x', '65536', '::1', '10.0.0.1:', ':9090', 'a:b:1'])(
    '--metrics %j is refused',
    async (text) => {
      expect((await holdfast('run', `--metrics=${text}`)).exitCode).toBe(2);
    },
  );

  test('names of files that are not given have the instance in them', async () => {
    const options = await optionsOf('-r', '/tmp/v.pid');
    expect(nameFiles(options, undefined).controlSocket).toBe('/run/holdfast/control.sock');
    expect(nameFiles(options, { instance: 'blue' })).toEqual({
      pidFiles: {
        vrrp: '/tmp/v.pid',
        checker: '/run/holdfast/checkers_blue.pid',
        bfd: '/run/holdfast/bfd_blue.pid',
      },
      controlSocket: '/run/holdfast/control_blue.sock',
    });
    expect(nameFiles(options, { instance: '../x' }).controlSocket).toBe('/run/holdfast/control_.._x.sock');
  });

  test('-t never takes the next word for a log file that it would overwrite', async () => {
    const { exitCode } = await holdfast('run', '-t', '/etc/keepalived/keepalived.conf');
    expect(exitCode).toBe(2);
    expect(await optionsOf('-t', '-f', 'x')).toMatchObject({ configTest: '', file: 'x' });
    expect(await optionsOf('--config-test=log')).toMatchObject({ configTest: 'log' });
  });

  test.each([
    ['022', 0o022],
    ['18', 18],
    ['0x12', 0x12],
    ['0', 0],
  ])('-u %s is read as C reads numbers', async (text, umask) => {
    expect((await optionsOf('-u', text)).umask).toBe(umask);
  });

  test('without a meaning here are accepted, and told where the operator would be misled', async () => {
    const silent = await optionsOf('-X', '-B', '-b', '/run/bfd.pid', '--flush-log-file');
    expect(silent).toMatchObject({ notices: [], pidFiles: { bfd: '/run/bfd.pid' } });
    const told = await optionsOf('-x', '-S', 'local3', '-a', '-m');
    expect(told.notices).toHaveLength(4);
    for (const notice of told.notices) expect(notice).toMatch(/no effect/);
  });
});
