/** `holdfast realserver` from its command line to its words, its record and its exit status; the host is one in memory. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runRealServer } from '../../src/cli/realserver.ts';
import type { RealServerCommand } from '../../src/cli/realserver-options.ts';
import { FakeHost } from '../realserver/fake-host.ts';
import { runCommand } from './run-command.ts';

let folder: string;
let host: FakeHost;
let isRoot: boolean;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-realserver-'));
  host = new FakeHost();
  isRoot = true;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const recordFile = () => join(folder, 'run', 'realserver.json');
const unitFile = () => join(folder, 'holdfast-realserver.service');

async function perform(
  kind: RealServerCommand['kind'],
  addresses: readonly string[],
  changes: Partial<RealServerCommand> = {},
) {
  let out = '';
  let error = '';
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
  const command: RealServerCommand = {
    kind,
    addresses,
    mode: undefined,
    interface: undefined,
    print: false,
    persist: false,
    json: false,
    record: recordFile(),
    ...changes,
  };
  const exitCode = await runRealServer(command, streams, { host, isRoot, unit: unitFile() });
  return { exitCode, out, error };
}

describe('up', () => {
  test('says what it changed, and the record is for root alone', async () => {
    expect(await perform('up', ['10.0.0.3'])).toEqual({
      exitCode: 0,
      error: '',
      out: [
        '10.0.0.3 is up on lo (dr).',
        '  net.ipv4.conf.all.arp_ignore = 1 (was 0)',
        '  net.ipv4.conf.all.arp_announce = 2 (was 0)',
        '  net.ipv4.conf.lo.arp_ignore = 1 (was 0)',
        '  net.ipv4.conf.lo.arp_announce = 2 (was 0)',
        '  10.0.0.3/32 is on lo\n',
      ].join('\n'),
    });
    expect(statSync(recordFile()).mode & 0o777).toBe(0o600);
    expect(existsSync(`${recordFile()}.lock`)).toBe(false);
  });

  test('twice, then down: as before, and no record is left', async () => {
    const before = host.dump();
    await perform('up', ['10.0.0.3', '2001:db8::3']);
    expect((await perform('up', ['10.0.0.3'])).out).toBe('10.0.0.3 is up on lo (dr).\n');
    expect((await perform('down', [])).exitCode).toBe(0);
    expect(host.dump()).toEqual(before);
    expect(existsSync(recordFile())).toBe(false);
    expect((await perform('down', [])).out).toBe('There is nothing to undo.\n');
  });

  test('killed in the middle leaves a record, by which down undoes the half that was done', async () => {
    const before = host.dump();
    host.killedAfter = 3;
    await expect(perform('up', ['10.0.0.3'])).resolves.toMatchObject({ exitCode: 1 });
    expect(host.dump()).not.toEqual(before);
    expect(JSON.parse(readFileSync(recordFile(), 'utf8')).changes).toHaveLength(5);
    await perform('down', []);
    expect(host.dump()).toEqual(before);
  });

  test('takes back what it did where a step fails', async () => {
    const before = host.dump();
    host.failures.set('make address', 'RTM_NEWADDR 10.0.0.3/32 on lo: EPERM');
    expect(await perform('up', ['10.0.0.3'])).toEqual({
      exitCode: 1,
      out: '',
      error: 'RTM_NEWADDR 10.0.0.3/32 on lo: EPERM; nothing has changed.\n',
    });
    expect(host.dump()).toEqual(before);
    expect(existsSync(recordFile())).toBe(false);
  });

  test('keeps the record where what it did cannot be taken back', async () => {
    host.failures.set('make address', 'no');
    host.failures.set('undo ipv4/conf/all/arp_ignore', 'EROFS');
    expect((await perform('up', ['10.0.0.3'])).error).toBe('no; it could not be taken back: EROFS.\n');
    expect(existsSync(recordFile())).toBe(true);
  });

  test('loads the module of the tunnel, and says where it cannot', async () => {
    expect((await perform('up', ['10.0.0.3'], { mode: 'tun' })).out).toContain('tunl0 is up (was down)');
    expect(host.loaded).toEqual(['ipip']);
    host.failures.set('ip6_tunnel', 'FATAL: Module ip6_tunnel not found');
    expect((await perform('up', ['2001:db8::3'], { mode: 'tun' })).error).toBe(
      'holdfast realserver up: there is no ip6tnl0, and the module ip6_tunnel that brings it cannot be loaded: FATAL: Module ip6_tunnel not found.\n',
    );
  });

  test('without root says what it takes, and changes nothing', async () => {
    isRoot = false;
    const before = host.dump();
    for (const kind of ['up', 'down'] as const) {
      expect(await perform(kind, ['10.0.0.3'])).toEqual({
        exitCode: 1,
        out: '',
        error: `holdfast realserver ${kind} changes addresses and settings of the kernel, which takes root; --print shows what it would do.\n`,
      });
    }
    expect(host.dump()).toEqual(before);
  });

  test('with JSON prints what was changed, for programs', async () => {
    const { out } = await perform('up', ['10.0.0.3'], { json: true });
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      changes: [
        { kind: 'setting' },
        { kind: 'setting' },
        { kind: 'setting' },
        { kind: 'setting' },
        { kind: 'address' },
      ],
    });
  });

  test('does not guess by a record that it has not written', async () => {
    await perform('up', ['10.0.0.3']);
    writeFileSync(recordFile(), '{"version":1}');
    const { exitCode, error } = await perform('up', ['10.0.0.4']);
    expect(exitCode).toBe(1);
    expect(error).toContain('does not hold what was changed on this host');
    expect(readFileSync(recordFile(), 'utf8')).toBe('{"version":1}');
  });

  test('waits for another one that is at work', async () => {
    await perform('up', ['10.0.0.4']);
    const other = spawn('sleep', ['60'], { argv0: 'holdfast', stdio: 'ignore' });
    writeFileSync(`${recordFile()}.lock`, `${other.pid}\n`);
    let isOver = false;
    const waiting = perform('up', ['10.0.0.3']).then((result) => {
      isOver = true;
      return result;
    });
    await setTimeout(200);
    expect(isOver).toBe(false);
    other.kill('SIGKILL');
    expect((await waiting).exitCode).toBe(0);
    expect(JSON.parse(readFileSync(recordFile(), 'utf8')).virtualAddresses).toHaveLength(2);
  });
});

describe('print', () => {
  test('of up prints the commands, without a host and without root', async () => {
    isRoot = false;
    const { exitCode, out } = await perform('up', ['10.0.0.3'], { print: true });
    expect(exitCode).toBe(0);
    expect(out.split('\n')).toEqual([
      'sysctl -w net.ipv4.conf.all.arp_ignore=1',
      'sysctl -w net.ipv4.conf.all.arp_announce=2',
      'sysctl -w net.ipv4.conf.lo.arp_ignore=1',
      'sysctl -w net.ipv4.conf.lo.arp_announce=2',
      'ip address add 10.0.0.3/32 dev lo',
      '',
    ]);
    expect(host.calls).toEqual([]);
    expect(existsSync(recordFile())).toBe(false);
  });

  test('of down prints what would be undone, and undoes nothing', async () => {
    await perform('up', ['2001:db8::3']);
    const before = host.dump();
    expect((await perform('down', [], { print: true })).out).toBe('ip address del 2001:db8::3/128 dev lo\n');
    expect(host.dump()).toEqual(before);
  });
});

describe('persist', () => {
  test('writes an enabled unit with all that is up, which down --persist alone removes', async () => {
    await perform('up', ['2001:db8::3'], {});
    await perform('up', ['10.0.0.3'], { persist: true });
    const text = readFileSync(unitFile(), 'utf8');
    expect(text).toMatch(
      /^ExecStart=\S+ \S+ realserver up --mode dr --interface lo 2001:db8::3 10\.0\.0\.3$/m,
    );
    expect(text).toMatch(/^ExecStop=\S+ \S+ realserver down$/m);
    expect(readlinkSync(join(folder, 'multi-user.target.wants', 'holdfast-realserver.service'))).toBe(
      unitFile(),
    );
    expect((await perform('down', ['2001:db8::3'])).out).toContain('--persist removes it');
    await perform('down', ['10.0.0.3'], { persist: true });
    expect(existsSync(unitFile())).toBe(false);
    expect(existsSync(join(folder, 'multi-user.target.wants', 'holdfast-realserver.service'))).toBe(false);
  });

  test("leaves a unit of that name that is somebody else's", async () => {
    writeFileSync(unitFile(), '[Unit]\n');
    const { exitCode, error } = await perform('up', ['10.0.0.3'], { persist: true });
    expect({ exitCode, error }).toEqual({
      exitCode: 1,
      error: `holdfast realserver up: ${unitFile()} was not written by holdfast; nothing has changed, and --persist needs that name.\n`,
    });
    expect(host.calls).toEqual([]);
    await perform('down', [], { persist: true });
    expect(readFileSync(unitFile(), 'utf8')).toBe('[Unit]\n');
  });
});

describe('check', () => {
  test('is status 1 and says what was found, what is needed and what mends it', async () => {
    isRoot = false;
    const { exitCode, out } = await perform('check', ['10.0.0.3']);
    expect(exitCode).toBe(1);
    expect(out).toContain(
      '10.0.0.3: 10.0.0.3/32 is not on lo.\n    needed: the address: what is sent to it is not taken in else.\n' +
        '    mend it: ip address add 10.0.0.3/32 dev lo\n',
    );
  });

  test('says once what is true for several addresses', async () => {
    const { out } = await perform('check', ['10.0.0.3', '10.0.0.4']);
    expect(out.match(/sysctl -w net.ipv4.conf.all.arp_ignore=1/g)).toHaveLength(1);
  });

  test('of what is up knows its mode, and is status 0', async () => {
    await perform('up', ['10.0.0.3'], { mode: 'tun' });
    for (const addresses of [['10.0.0.3'], []]) {
      expect(await perform('check', addresses)).toEqual({
        exitCode: 0,
        out: '10.0.0.3 is served as it has to be (tun, on tunl0).\n',
        error: '',
      });
    }
    expect((await perform('check', ['10.0.0.3'], { mode: 'dr' })).exitCode).toBe(1);
  });

  test('without addresses and without a record is a wrong command line', async () => {
    const { exitCode, out, error } = await perform('check', []);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(error).toBe('No address is up by "holdfast realserver up": say which to check.\n');
  });

  test('with JSON has each deviation in its parts', async () => {
    const { out } = await perform('check', ['2001:db8::3'], { json: true });
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      deviations: [
        {
          address: '2001:db8::3',
          found: '2001:db8::3/128 is not on lo',
          command: 'ip address add 2001:db8::3/128 dev lo nodad',
        },
      ],
    });
  });
});

describe('the command line', () => {
  test('prints commands by itself', async () => {
    const { exitCode, out } = await runCommand([
      'realserver',
      'up',
      '--print',
      '--mode',
      'tun',
      '2001:db8::3',
    ]);
    expect(exitCode).toBe(0);
    expect(out.split('\n').slice(0, 2)).toEqual([
      'modprobe ip6_tunnel',
      'sysctl -w net.ipv6.conf.ip6tnl0.disable_ipv6=0',
    ]);
  });

  test.each([
    [['realserver', 'up'], 'missing required argument'],
    [['realserver', 'up', '--mode', 'nat', '10.0.0.3'], 'Allowed choices are dr, tun'],
    [['realserver', 'up', '--print', '10.0.0.3/24'], 'alone, else it takes its whole network'],
    [['realserver', 'sideways'], 'sideways'],
  ])('%j is status 2', async (words, said) => {
    const { exitCode, error } = await runCommand(words);
    expect(exitCode).toBe(2);
    expect(error).toContain(said);
  });

  test('has help that names the exit status and examples', async () => {
    const { out } = await runCommand(['realserver', 'up', '--help']);
    expect(out).toContain('holdfast realserver up --mode tun 10.0.0.3');
    expect(out).toContain('Exit status:');
  });
});
