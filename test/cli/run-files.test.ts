import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dumpConfiguration } from '../../src/cli/dump-configuration.ts';
import { readConfiguration } from '../../src/cli/read-configuration.ts';
import { nameFiles, PidClaim } from '../../src/cli/run-files.ts';
import { readKeyFile } from '../../src/cli/run-key-file.ts';
import { defaultControlSocket } from '../../src/daemon/control-socket/protocol.ts';
import { defaultInstance, emptyConfig } from '../config-parser/empty-config.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-run-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function optionsWith(givenFiles: readonly string[] = []) {
  const pid = (name: string) => join(folder, `${name}.pid`);
  const pidFiles = {
    main: pid('main'),
    vrrp: pid('vrrp'),
    checker: pid('checker'),
    bfd: pid('bfd'),
  };
  return { pidFiles, controlSocket: defaultControlSocket, givenFiles };
}

const reading = (instance?: string) => {
  const config = emptyConfig(instance === undefined ? {} : { daemon: { instance } });
  return { ok: true, config, records: [] } as const;
};

describe('the pid file', () => {
  test('is claimed by the name that the configuration gives it, and goes at the end', () => {
    const claim = new PidClaim(optionsWith());
    expect(claim.require(reading('blue'))).toMatchObject({ ok: true });
    expect(readFileSync(join(folder, 'main_blue.pid'), 'utf8')).toBe(`${process.pid}\n`);
    claim.release();
    expect(existsSync(join(folder, 'main_blue.pid'))).toBe(false);
  });

  test('that the command line names keeps its name', () => {
    const claim = new PidClaim(optionsWith(['main']));
    claim.require(reading('blue'));
    expect(existsSync(join(folder, 'main.pid'))).toBe(true);
    claim.release();
  });

  test('that cannot be written makes the start fail, and its release removes nothing', () => {
    writeFileSync(join(folder, 'file'), '');
    const options = optionsWith();
    const pidFiles = { ...options.pidFiles, main: join(folder, 'file', 'main.pid') };
    const claim = new PidClaim({ ...options, pidFiles });
    expect(claim.require(reading())).toMatchObject({
      ok: false,
      exitCode: 1,
      reason: expect.stringContaining(join(folder, 'file')),
    });
    claim.release();
  });

  test('of each child follows the instance as well', () => {
    const { pidFiles, controlSocket } = nameFiles(optionsWith(['bfd']), { instance: 'blue' });
    expect(pidFiles).toMatchObject({ vrrp: join(folder, 'vrrp_blue.pid'), bfd: join(folder, 'bfd.pid') });
    expect(controlSocket).toBe('/run/holdfast/control_blue.sock');
  });
});

describe('the configuration in the log', () => {
  test('shows no password and no key, of whatever kind', () => {
    const instances = [
      defaultInstance({ name: 'A', authentication: { type: 'PASS', password: 'secret-1' } }),
      defaultInstance({ name: 'B', authentication: { type: 'AH', key: 'secret-2' } }),
      defaultInstance({
        name: 'C',
        authHmac: {
          keys: [{ id: 7, form: 'hex', value: 'secret-3' }],
          activeKeyId: 7,
          timeWindowMs: 1000,
          antiReplay: 'time',
          mode: 'enforce',
        },
      }),
    ];
    const dump = dumpConfiguration(emptyConfig({ vrrpInstances: instances }));
    expect(dump).not.toContain('secret');
    expect(dump.match(/\(hidden\)/g)).toHaveLength(3);
    expect(dump).toContain('"activeKeyId": 7');
  });
});

describe('a file with a key', () => {
  const path = () => join(folder, 'key');

  test('is read as it stands, with whether others may read it', () => {
    writeFileSync(path(), 'secret\n', { mode: 0o600 });
    expect(readKeyFile(path())).toEqual({ bytes: Buffer.from('secret\n'), isReadableByOthers: false });
    rmSync(path());
    writeFileSync(path(), 'secret', { mode: 0o640 });
    expect(readKeyFile(path())).toMatchObject({ isReadableByOthers: true });
  });

  test('that is none, or too long to be one, is an error', () => {
    expect(readKeyFile(path())).toMatchObject({ error: expect.stringContaining('ENOENT') });
    expect(readKeyFile(folder)).toEqual({ error: 'it is not a file' });
    writeFileSync(path(), Buffer.alloc(5000));
    expect(readKeyFile(path())).toEqual({ error: 'it is longer than 4096 bytes' });
  });

  test('is part of the configuration: read at the start and at each reload, and refused where it cannot be', () => {
    const conf = join(folder, 'conf');
    writeFileSync(
      conf,
      `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  version 3
  auth_hmac {
    key 1 file:${path()}
    active_key 1
  }
  virtual_ipaddress {
    192.0.2.1/24
  }
}
`,
    );
    const options = { file: conf, configId: 'lb01', allConfig: false, dumpConfiguration: true };
    const missing = readConfiguration(options, true);
    expect(missing).toMatchObject({ ok: false, exitCode: 2 });
    expect(missing.records.map(({ message }) => message).join('\n')).toContain(path());

    const secret = 'k3y-of-more-than-thirty-two-bytes-as-it-has-to-be';
    writeFileSync(path(), secret, { mode: 0o600 });
    const reading = readConfiguration(options, true);
    if (!reading.ok) throw new Error(JSON.stringify(reading.records));
    const hex = Buffer.from(secret).toString('hex');
    expect(reading.config.vrrpInstances[0]?.authHmac?.keys).toEqual([{ id: 1, form: 'hex', value: hex }]);
    expect(JSON.stringify(reading.records)).not.toContain(hex);
  });
});
