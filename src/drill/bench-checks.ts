/** What health checks cost, and whether they come in time: nginx on web01, the checks on lb01, each in a namespace of its own. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ProbesOrder, ProbesReport } from './bench-checks-probes.ts';
import { measureSpareTime } from './bench-spare-time.ts';
import { type DaemonKind, Director } from './director.ts';
import { buildNetwork, type Network } from './network.ts';
import { requireProgram } from './run-program.ts';
import { makeScratchFolder } from './scratch-folder.ts';
import { hostAddresses } from './tutorial-network.ts';
import { until } from './until.ts';

const port = 80;

/** The checker loops alone, as the checker process runs them. Any kernel will do. */
export async function measureProbes(
  order: Pick<ProbesOrder, 'kind' | 'checkers' | 'delayLoopMs' | 'seconds'>,
): Promise<ProbesReport> {
  return withWebServer(async (network) => {
    const program = fileURLToPath(new URL('./bench-checks-probes.js', import.meta.url));
    const full: ProbesOrder = { ...order, server: hostAddresses.web01, port };
    const stdout = await requireProgram(
      'ip',
      [
        'netns',
        'exec',
        network.namespaceOf('lb01'),
        ...first,
        process.execPath,
        program,
        JSON.stringify(full),
      ],
      { timeoutMs: 1000 * order.seconds + 60_000 },
    );
    return JSON.parse(stdout) as ProbesReport;
  });
}

export interface DaemonChecksOrder {
  readonly realServers: number;
  /** Seconds between two checks of one server. */
  readonly delayLoop: number;
  readonly seconds: number;
}

export interface DaemonChecksMeasurement {
  /** Of all processes of the daemon together, as the kernel counts it. */
  readonly processorUsPerCheck: number;
  /** That the whole machine has less for others, the web server's share with it; where it has one processor. */
  readonly machineUsPerCheck?: number;
  readonly checksPerSecond: number;
}

/** TCP_CHECK of many real servers by a daemon, from its counters in the kernel. Needs a kernel with IPVS. */
export async function measureDaemonChecks(
  daemon: DaemonKind,
  order: DaemonChecksOrder,
): Promise<DaemonChecksMeasurement> {
  return withWebServer(async (network, folder) => {
    const configFile = join(folder, 'lb01.conf');
    writeFileSync(configFile, checksConfiguration(order));
    const director = new Director({ network, name: 'lb01', daemon, configFile, scratch: folder });
    const spareWithout = await measureSpareTime(order.seconds / 2);
    director.start();
    try {
      await until('every server is in the table', 60_000, () => destinations(director) >= order.realServers);
      // The first checks, and what compiling costs.
      await delay(1000 * (3 + 2 * order.delayLoop));
      const before = sample(director);
      const spareWith = await measureSpareTime(order.seconds);
      const after = sample(director);
      const checks = after.connections - before.connections;
      if (checks === 0) throw new Error(`the ${daemon} of lb01 makes no checks:\n${director.log()}`);
      const checksPerSecond = (1000 * checks) / (after.atMs - before.atMs);
      return {
        processorUsPerCheck: (after.processorUs - before.processorUs) / checks,
        checksPerSecond,
        ...(spareWithout !== undefined &&
          spareWith !== undefined && {
            machineUsPerCheck: (1e6 * (1 - spareWith / spareWithout)) / checksPerSecond,
          }),
      };
    } finally {
      await director.kill();
    }
  });
}

async function withWebServer<T>(measure: (network: Network, folder: string) => Promise<T>): Promise<T> {
  const scratch = makeScratchFolder();
  const network = await buildNetwork();
  try {
    await network.run('web01', 'ip', ['route', 'add', 'local', manyServers, 'dev', 'lo']);
    await network.run('lb01', 'ip', ['route', 'add', manyServers, 'via', hostAddresses.web01]);
    await startNginx(network, join(scratch.path, 'nginx'));
    return await measure(network, scratch.path);
  } finally {
    network.close();
    scratch.remove();
  }
}

/** Before whatever else this machine does: what is measured is what they need, not what is left for them. */
const first = ['chrt', '--rr', '1'];

/** Every address of it is web01. */
const manyServers = '10.9.0.0/16';

async function startNginx(network: Network, folder: string): Promise<void> {
  mkdirSync(folder);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join(' ');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/nginx.pid;
events { worker_connections 8192; multi_accept on; }
http {
  ${temporary} access_log off;
  server { listen ${port} backlog=8192; location / { return 200 "web01\\n"; } }
}
`,
  );
  const args = ['-p', folder, '-e', 'error.log', '-c', 'nginx.conf'];
  const [chrt = '', ...options] = first;
  const { pid } = network.start('web01', chrt, [...options, 'nginx', ...args], join(folder, 'log'));
  // /proc/net/tcp: port 80, no peer, in LISTEN.
  await until('nginx listens on web01', 10_000, () =>
    readFileSync(`/proc/${pid}/net/tcp`, 'utf8').includes(':0050 00000000:0000 0A'),
  );
}

/** Services of up to 100 servers each. */
function checksConfiguration({ realServers, delayLoop }: DaemonChecksOrder): string {
  const perService = 100;
  const services: string[] = [];
  for (let first = 0; first < realServers; first += perService) {
    const count = Math.min(perService, realServers - first);
    const servers = Array.from({ length: count }, (_, index) => {
      const number = first + index;
      const server = `10.9.${1 + Math.floor(number / 250)}.${1 + (number % 250)}`;
      return `  real_server ${server} ${port} {\n    weight 1\n    TCP_CHECK {\n      connect_timeout 5\n    }\n  }`;
    });
    services.push(
      `virtual_server 10.0.1.${1 + first / perService} ${port} {\n  delay_loop ${delayLoop}\n  lb_algo rr\n  lb_kind NAT\n  protocol TCP\n${servers.join('\n')}\n}`,
    );
  }
  return `global_defs {\n  router_id lb01\n}\n${services.join('\n')}\n`;
}

function destinations(director: Director): number {
  return director.ipvsTable().reduce((sum, service) => sum + service.destinations.length, 0);
}

interface Sample {
  readonly atMs: number;
  readonly processorUs: number;
  /** That this namespace has begun. */
  readonly connections: number;
}

/** CLK_TCK, which is 100 on every Linux that Node.js supports. */
const usPerTick = 10_000;

function sample(director: Director): Sample {
  const processorUs = director.processes.reduce((sum, pid) => sum + usPerTick * ticksOf(pid), 0);
  return { atMs: performance.now(), processorUs, connections: activeOpens(director.pid) };
}

/** proc(5), /proc/PID/stat: fields 14 and 15, user and system time. */
function ticksOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** /proc/net/snmp: two lines begin with "Tcp:", names and values. */
function activeOpens(pid: number): number {
  const [names = [], values = []] = readFileSync(`/proc/${pid}/net/snmp`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('Tcp:'))
    .map((line) => line.split(' '));
  const value = Number(values[names.indexOf('ActiveOpens')]);
  if (Number.isNaN(value)) throw new Error('the kernel does not count connections in /proc/net/snmp');
  return value;
}
