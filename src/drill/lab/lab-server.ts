/** What real servers play: nginx for pages, a small program for the rest, and what can happen to them. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireProgram } from '../run-program.ts';
import type { LabServer, PlayedService } from '../topology/topology.ts';
import { until } from '../until.ts';
import type { LabNetworkHandle } from './lab-network.ts';
import { labProgram, onLines } from './lines.ts';

export interface RunningServer {
  readonly server: LabServer;
  readonly start: () => Promise<void>;
  /** At once: its ports refuse from then on. */
  readonly stop: () => Promise<void>;
  /** It takes connections, since the kernel does, and answers nothing. */
  readonly hang: (isHanging: boolean) => void;
  /** Every page answers 500. */
  readonly fail: (isFailing: boolean) => void;
}

/** `machine` is the server's own, or the director that plays it. */
export function prepareServer(
  network: LabNetworkHandle,
  server: LabServer,
  machine: string,
  scratch: string,
): RunningServer {
  const folder = join(scratch, `${machine}-${server.name}`);
  mkdirSync(folder, { recursive: true });
  const failure = join(folder, 'fails');
  let running: readonly ChildProcess[] = [];
  let bfd: Promise<ChildProcess> | undefined;
  return {
    server,
    start: async () => {
      running = await startAll(network, server, machine, folder);
      // It is the machine's, not a service's: it ends with the lab.
      if (server.bfdSessions.length > 0) bfd ??= startBfd(network, server, machine);
      await bfd;
    },
    stop: async () => {
      await Promise.all(running.map(killNow));
      running = [];
    },
    hang: (isHanging) => {
      for (const child of running) child.kill(isHanging ? 'SIGSTOP' : 'SIGCONT');
    },
    fail: (isFailing) => {
      if (isFailing) writeFileSync(failure, '');
      else rmSync(failure, { force: true });
    },
  };
}

async function startAll(
  network: LabNetworkHandle,
  server: LabServer,
  machine: string,
  folder: string,
): Promise<readonly ChildProcess[]> {
  const pages = server.services.filter(({ kind }) => kind === 'http' || kind === 'https');
  const others = server.services.filter((service) => !pages.includes(service));
  const started: Promise<ChildProcess>[] = [];
  if (pages.length > 0) started.push(startNginx(network, server, machine, folder, pages));
  if (others.length > 0) started.push(startProgram(network, server, machine, others));
  return Promise.all(started);
}

async function killNow(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function startNginx(
  network: LabNetworkHandle,
  server: LabServer,
  machine: string,
  folder: string,
  services: readonly PlayedService[],
): Promise<ChildProcess> {
  mkdirSync(join(folder, 'temp'), { recursive: true });
  const isSecure = services.some(({ kind }) => kind === 'https');
  if (isSecure && !existsSync(join(folder, 'cert.pem'))) await makeCertificate(server.name, folder);
  writeFileSync(join(folder, 'nginx.conf'), nginxConfiguration(server, folder, services));
  const child = network.start(machine, 'nginx', ['-p', folder, '-e', 'error.log', '-c', 'nginx.conf']);
  child.stdout?.resume();
  child.stderr?.resume();
  const ports = services.map(({ port }) => port);
  await until(`nginx listens on ${server.name}`, 15_000, () => {
    if (child.exitCode !== null)
      throw new Error(`nginx on ${server.name} ended: ${readIfThere(join(folder, 'error.log'))}`);
    return ports.every((port) => listens(child.pid, port));
  });
  return child;
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : 'it said nothing';
}

async function makeCertificate(name: string, folder: string): Promise<void> {
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await requireProgram('openssl', ['req', '-x509', ...kind, '-subj', `/CN=${name}`, ...files]);
}

/** One process in the foreground, its files in a folder of its own: nothing of the installed nginx is touched. */
function nginxConfiguration(server: LabServer, folder: string, services: readonly PlayedService[]): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `  ${kind}_temp_path ${folder}/temp/${kind};`)
    .join('\n');
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events {
  worker_connections 512;
}
http {
${temporary}
  access_log off;
  keepalive_timeout 1h;
  keepalive_requests 1000000;
${services.map((service) => nginxServer(server, folder, service)).join('')}}
`;
}

function nginxServer({ name }: LabServer, folder: string, { kind, port, pages }: PlayedService): string {
  const secure = kind === 'https' ? ' ssl' : '';
  const certificate =
    kind === 'https'
      ? `    ssl_certificate ${folder}/cert.pem;\n    ssl_certificate_key ${folder}/key.pem;\n`
      : '';
  const odd = new Map(pages.filter(({ status }) => status !== 200).map((page) => [page.path, page]));
  const locations = [...odd.values()].map(
    ({ path, status }) => `    location = ${nginxWord(path)} { return ${status}; }\n`,
  );
  return `  server {
    listen ${port}${secure};
    listen [::]:${port}${secure};
${certificate}    if (-f ${folder}/fails) { return 500; }
${locations.join('')}    location / {
      default_type text/plain;
      return 200 "${name}\\n";
    }
  }
`;
}

/** A path from a configuration file, as one word of nginx's. */
function nginxWord(path: string): string {
  return `"${path.replaceAll(/[\\"$\n]/g, '')}"`;
}

/** A line of /proc/net/tcp: any local address, that port, no peer, state 0A, which is LISTEN. */
function listens(pid: number | undefined, port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return readFileSync(`/proc/${pid}/net/tcp`, 'utf8').includes(`:${hex} 00000000:0000 0A`);
}

async function startProgram(
  network: LabNetworkHandle,
  server: LabServer,
  machine: string,
  services: readonly PlayedService[],
): Promise<ChildProcess> {
  const virtual = server.loopbackAddresses.map((text) => text.slice(0, text.indexOf('/')));
  const here = services.map(({ kind, port }) => ({ kind, port, addresses: [server.address, ...virtual] }));
  const args = [labProgram('play-services'), server.name, JSON.stringify(here)];
  return startReady(network, machine, args, `the services of ${server.name}`);
}

function startBfd(network: LabNetworkHandle, server: LabServer, machine: string): Promise<ChildProcess> {
  const args = [labProgram('play-bfd'), JSON.stringify(server.bfdSessions)];
  return startReady(network, machine, args, `BFD on ${server.name}`);
}

/** Resolves when the program has said so. */
async function startReady(
  network: LabNetworkHandle,
  machine: string,
  args: readonly string[],
  what: string,
): Promise<ChildProcess> {
  const child = network.start(machine, process.execPath, args);
  let isReady = false;
  let said = '';
  onLines(child.stdout, (line) => {
    isReady ||= line === 'ready';
  });
  onLines(child.stderr, (line) => {
    said += `${line}\n`;
  });
  await until(`${what}: ready`, 20_000, () => {
    if (child.exitCode !== null) throw new Error(`${what}: ended: ${said.trim()}`);
    return isReady;
  });
  return child;
}
