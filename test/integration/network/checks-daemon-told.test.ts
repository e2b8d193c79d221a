/**
 * The checks that are told and do not ask, in the whole daemon: FILE_CHECK by a track_file, BFD_CHECK by a session with another
 * holdfast. They know no retries and no delay_loop: what is told counts at once.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CheckDaemon, nowMs } from './checks-daemon-fixture.ts';
import { replaceFile } from './checks-daemon-recorders.ts';
import { createVethPair, leftAddress, rightAddress, type VethPair } from './namespace-fixture.ts';

/** A machine that has much else to do must not end the session by being late: 300 ms, five times. */
const detectionMs = 1500;
const slackMs = 4000;
const folder = mkdtempSync(join(tmpdir(), 'holdfast-checks-told-'));
const flag = join(folder, 'flag');

const byFile = { realServer: '[192.0.2.11]:tcp:80', virtualServer: '[198.51.100.11]:tcp:80' };
const byBfd = { realServer: `[${rightAddress}]:tcp:80`, virtualServer: '[198.51.100.12]:tcp:80' };

const service = (address: string, server: string, check: string) => `virtual_server ${address} 80 {
  delay_loop 1
  lb_algo rr
  lb_kind NAT
  protocol TCP
  real_server ${server} 80 {
    ${check}
  }
}
`;

const bfd = (self: string, other: string) => `bfd_instance to_other {
  neighbor_ip ${other}
  source_ip ${self}
  min_rx 300
  min_tx 300
  multiplier 5
}
${service('198.51.100.12', other, 'BFD_CHECK {\n      name to_other\n    }')}`;

let pair: VethPair;
let director: CheckDaemon;
let other: CheckDaemon;

function run(namespace: string, name: string, text: string): CheckDaemon {
  const configurationFile = join(folder, `${name}.conf`);
  writeFileSync(configurationFile, text);
  return new CheckDaemon({ namespace, folder, configurationFile, name });
}

beforeAll(async () => {
  pair = createVethPair();
  writeFileSync(flag, '0\n');
  const file = `track_file flag {\n  file ${flag}\n  weight 0\n}\n`;
  const fileCheck = service('198.51.100.11', '192.0.2.11', 'FILE_CHECK {\n      track_file flag\n    }');
  director = run(pair.left, 'director', file + fileCheck + bfd(leftAddress, rightAddress));
  other = run(pair.right, 'other', bfd(rightAddress, leftAddress));
  await director.line(`BFD check of [to_other] RS(${byBfd.realServer}) is UP`);
});

afterAll(async () => {
  await Promise.all([director.stop(), other.stop('SIGKILL')]);
  pair.remove();
  rmSync(folder, { recursive: true });
});

const about = ({ realServer, virtualServer }: typeof byFile, mark: number) =>
  director.textFrom(mark).filter((text) => text.includes(realServer) || text.includes(virtualServer));

const gone = ({ realServer, virtualServer }: typeof byFile) => [
  `Removing service ${realServer} from VS ${virtualServer}`,
  `Lost quorum 1-0=1 > 0 for VS ${virtualServer}`,
];
const back = ({ realServer, virtualServer }: typeof byFile) => [
  `Adding service ${realServer} to VS ${virtualServer}`,
  `Gained quorum 1+0=1 <= 1 for VS ${virtualServer}`,
];

test('FILE_CHECK passes with 0 from the start', async () => {
  await director.line(`FILE_CHECK on service ${byFile.realServer} success.`);
  expect(about(byFile, 0)).toEqual([
    `Gained quorum 1+0=1 <= 1 for VS ${byFile.virtualServer}`,
    `Activating healthchecker for service ${byFile.realServer} for VS ${byFile.virtualServer}`,
    `FILE_CHECK on service ${byFile.realServer} success.`,
  ]);
});

test('FILE_CHECK fails with another number and recovers with 0, each at once and without a retry', async () => {
  for (const value of [1, -7]) {
    const down = director.mark;
    const brokenAtMs = nowMs();
    replaceFile(flag, `${value}\n`);
    const lost = await director.line(`Lost quorum 1-0=1 > 0 for VS ${byFile.virtualServer}`, down);
    expect(lost.atMs - brokenAtMs).toBeLessThan(slackMs);
    const failed = `FILE_CHECK on service ${byFile.realServer} failed. The track file flag holds ${value}.`;
    expect(about(byFile, down)).toEqual([failed, ...gone(byFile)]);

    const up = director.mark;
    const mendedAtMs = nowMs();
    replaceFile(flag, '0\n');
    const gained = await director.line(`Gained quorum 1+0=1 <= 1 for VS ${byFile.virtualServer}`, up);
    expect(gained.atMs - mendedAtMs).toBeLessThan(slackMs);
    const success = `FILE_CHECK on service ${byFile.realServer} success.`;
    expect(about(byFile, up)).toEqual([success, ...back(byFile)]);
  }
});

test('BFD_CHECK goes down when the session times out, and up when it is back', async () => {
  const down = director.mark;
  const silentAtMs = nowMs();
  const process_ = other.pidOf('holdfast_bfd');
  expect(process_).toBeGreaterThan(0);
  process.kill(process_, 'SIGSTOP');
  const lost = await director.line(`Lost quorum 1-0=1 > 0 for VS ${byBfd.virtualServer}`, down);
  // The last packet came up to one interval before.
  expect(lost.atMs - silentAtMs).toBeGreaterThan(detectionMs - 300);
  expect(lost.atMs - silentAtMs).toBeLessThan(detectionMs + slackMs);
  const subject = `BFD check of [to_other] RS(${byBfd.realServer})`;
  expect(about(byBfd, down)).toEqual([`${subject} is DOWN`, ...gone(byBfd)]);

  const up = director.mark;
  process.kill(process_, 'SIGCONT');
  await director.line(`Gained quorum 1+0=1 <= 1 for VS ${byBfd.virtualServer}`, up);
  expect(about(byBfd, up)).toEqual([`${subject} is UP`, ...back(byBfd)]);
});

test('BFD_CHECK goes down at once when the other side takes its session down', async () => {
  const down = director.mark;
  const stoppedAtMs = nowMs();
  const stopped = other.stop();
  const lost = await director.line(`Lost quorum 1-0=1 > 0 for VS ${byBfd.virtualServer}`, down);
  await stopped;
  expect(lost.atMs - stoppedAtMs).toBeLessThan(slackMs);
  expect(about(byBfd, down)).toEqual([
    `BFD check of [to_other] RS(${byBfd.realServer}) is DOWN`,
    ...gone(byBfd),
  ]);
});
