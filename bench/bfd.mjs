/**
 * Detection of a dead neighbour by BFD: from its last packet until the daemon's parent hears that the session is down, less the
 * Detection Time. The neighbour is a bfd process of holdfast, killed. INTERVAL_MS and MULTIPLIER are the session's, ROUNDS how often.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { compare } from './compare.mjs';

const intervalMs = Number(process.env.INTERVAL_MS ?? 50);
const multiplier = Number(process.env.MULTIPLIER ?? 3);
const rounds = Number(process.env.ROUNDS ?? 11);
const detectionTimeMs = intervalMs * multiplier;

const ends = {
  left: { namespace: `hf-bfd-${process.pid}-l`, address: '192.0.2.1', neighbor: '192.0.2.2' },
  right: { namespace: `hf-bfd-${process.pid}-r`, address: '192.0.2.2', neighbor: '192.0.2.1' },
};
const ip = (...args) => execFileSync('ip', args);
const inside = ({ namespace }) => ['netns', 'exec', namespace];
const nowMs = () => performance.timeOrigin + performance.now();
const folder = mkdtempSync(join(tmpdir(), 'holdfast-bfd-'));

try {
  connect();
  process.exitCode = await compare({
    title: `crash of a BFD neighbour, ${intervalMs} ms and ${multiplier}: noticed later than the Detection Time of ${detectionTimeMs} ms by`,
    unit: 'ms',
    digits: 3,
    rounds,
    measure: async (daemon) => [await measure(daemon)],
  });
} finally {
  for (const { namespace } of Object.values(ends)) ip('netns', 'del', namespace);
  rmSync(folder, { recursive: true });
}

function connect() {
  for (const { namespace } of Object.values(ends)) ip('netns', 'add', namespace);
  const peer = ['type', 'veth', 'peer', 'name', 'veth0', 'netns', ends.right.namespace];
  ip('-n', ends.left.namespace, 'link', 'add', 'veth0', ...peer);
  for (const { namespace, address } of Object.values(ends)) {
    ip('-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'veth0');
    ip('-n', namespace, 'link', 'set', 'veth0', 'up');
  }
}

async function measure(daemon) {
  const watcher = daemon === 'holdfast' ? startHoldfast(ends.left) : startKeepalived(ends.left);
  const victim = startHoldfast(ends.right);
  const capture = startCapture();
  try {
    await Promise.all([watcher.news('up'), victim.news('up')]);
    await setTimeout(500 + Math.random() * intervalMs);
    const down = watcher.news('down');
    victim.child.kill('SIGKILL');
    const atMs = await down;
    await setTimeout(50);
    return atMs - capture.lastAtMs() - detectionTimeMs;
  } finally {
    capture.child.kill();
    victim.child.kill('SIGKILL');
    const gone = once(watcher.child, 'exit');
    watcher.child.kill('SIGTERM');
    await gone;
  }
}

/** `news` resolves with when its parent, which is this process, heard of the state. */
function startHoldfast(end) {
  const main = fileURLToPath(new URL('../dist/daemon/bfd-process/main.js', import.meta.url));
  const child = spawn('ip', [...inside(end), process.execPath, main], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const bfd = {
    name: 'B1',
    neighborAddress: end.neighbor,
    sourceAddress: end.address,
    minRxMs: intervalMs,
    minTxMs: intervalMs,
    idleTxMs: 1000,
    multiplier,
    isPassive: false,
    hopLimit: 255,
    maxHops: 0,
    isMultihop: false,
    mayVrrpTrack: true,
    mayCheckerUse: true,
  };
  const globalDefs = { vrrp: { bfdProcess: { lockMemory: false } } };
  child.send({ kind: 'configure', config: { trackers: { bfds: [bfd] }, globalDefs } });
  const news = (state) =>
    new Promise((resolve) => {
      child.on('message', ({ kind, readings }) => {
        if (kind === 'trackers' && readings.some(({ isUp }) => isUp === (state === 'up'))) resolve(nowMs());
      });
    });
  return { child, news };
}

/** keepalived tells by its log, which it writes when its bfd process enters the state. */
function startKeepalived(end) {
  const file = join(folder, 'keepalived.conf');
  writeFileSync(file, configurationText(end));
  const pidFiles = ['-p', 'pid', '-r', 'vrrp.pid', '-c', 'checkers.pid', '-b', 'bfd.pid'];
  const options = [
    '-n',
    '-l',
    '-D',
    '-f',
    file,
    ...pidFiles.map((word) => (word.startsWith('-') ? word : join(folder, word))),
  ];
  const child = spawn('ip', [...inside(end), 'keepalived', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const news = (state) =>
    new Promise((resolve) => {
      const line = `(B1) Entering ${state === 'up' ? 'Up' : 'Down'} state`;
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (text) => {
          if (String(text).includes(line)) resolve(nowMs());
        });
      }
    });
  return { child, news };
}

function configurationText({ address, neighbor }) {
  const bfd = [
    `neighbor_ip ${neighbor}`,
    `source_ip ${address}`,
    `min_rx ${intervalMs}`,
    `min_tx ${intervalMs}`,
    `multiplier ${multiplier}`,
  ];
  const instance = [
    'state BACKUP',
    'interface veth0',
    'virtual_router_id 51',
    'priority 100',
    'track_bfd {',
    'B1',
    '}',
  ];
  const addresses = ['virtual_ipaddress {', '192.0.2.100/32', '}'];
  const blocks = ['bfd_instance B1 {', ...bfd, '}', 'vrrp_instance VI_1 {', ...instance, ...addresses, '}'];
  return `${blocks.join('\n')}\n`;
}

/** The kernel's time stamps of the victim's packets, as they arrive at the watcher. */
function startCapture() {
  const filter = `udp port 3784 and src host ${ends.right.address}`;
  const options = ['-tt', '-n', '-l', '--immediate-mode', '-i', 'veth0', filter];
  const child = spawn('ip', [...inside(ends.left), 'tcpdump', ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.on('data', (part) => {
    text = (text + part).slice(-4096);
  });
  const lastAtMs = () => Number([...text.matchAll(/^(\d+\.\d+) IP/gm)].at(-1)?.[1]) * 1000;
  return { child, lastAtMs };
}
