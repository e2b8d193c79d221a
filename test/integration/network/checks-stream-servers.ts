/** nginx and exim from Debian as they are installed, in a namespace, with all their files in a folder of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oneExample, twoExample } from '../../healthcheck/probes/stream-certificates.ts';
import { inNamespace } from './namespace-fixture.ts';

export interface Server {
  readonly pid: number;
  stop(): Promise<void>;
}

export function isInstalled(program: string): boolean {
  return ['/usr/sbin', '/usr/bin'].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A folder that every account can enter: the servers give up root. */
export function openFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-checks-'));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Resolves once it listens. */
export async function startNginx(namespace: string, folder: string): Promise<Server> {
  mkdirSync(join(folder, 'www'), { recursive: true });
  writeFileSync(join(folder, 'www', 'slow'), 'x'.repeat(100_000));
  writeFileSync(join(folder, 'www', 'chunked'), '0123456789'.repeat(1000));
  for (const [name, { cert, key }] of Object.entries({ one: oneExample, two: twoExample })) {
    writeFileSync(join(folder, `${name}.crt`), cert);
    writeFileSync(join(folder, `${name}.key`), key);
  }
  writeFileSync(join(folder, 'nginx.conf'), nginxConfiguration(folder));
  const args = ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')];
  return startServer(namespace, 'nginx', args, 443);
}

function nginxConfiguration(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const tls = (name: string, isDefault: boolean) => `
  server {
    listen 443 ssl${isDefault ? ' default_server' : ''};
    server_name ${name}.example;
    ssl_certificate ${folder}/${name}.crt;
    ssl_certificate_key ${folder}/${name}.key;
    location / { return 200 "${name} $ssl_session_reused\\n"; }
  }`;
  return `
daemon off; master_process off; pid ${folder}/nginx.pid;
events { worker_connections 4096; }
http {
  access_log off; ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  chunked_transfer_encoding on; default_type text/plain;
  server {
    listen 80; listen [::]:80;
    root ${folder}/www;
    location = / { return 200 "hello\\n"; }
    location = /who { return 200 "$remote_addr:$remote_port $http_host $http_user_agent $server_protocol\\n"; }
    location = /missing { return 404; }
    location = /slow { limit_rate 2000; }
    location = /hangup { return 444; }
    location = /chunked { ssi on; ssi_types *; }
  }
  ${tls('one', true)}
  ${tls('two', false)}
}
`;
}

/** exim takes SMTP on port 25 for a host of no mail: it greets, and refuses every recipient. */
export async function startExim(namespace: string, folder: string): Promise<Server> {
  const spool = join(folder, 'spool');
  mkdirSync(spool, { recursive: true });
  chmodSync(spool, 0o777);
  writeFileSync(
    join(folder, 'exim.conf'),
    `primary_hostname = mx.example
spool_directory = ${spool}
log_file_path = ${spool}/%slog
pid_file_path = ${spool}/exim.pid
local_interfaces = 0.0.0.0
tls_advertise_hosts =
host_lookup =
rfc1413_query_timeout = 0s
acl_smtp_connect = \${if eq{$sender_host_address}{192.0.2.11}{refuse}{allow}}
begin acl
allow:
  accept
refuse:
  deny message = not for you
begin routers
begin transports
`,
  );
  return startServer(namespace, 'exim4', ['-C', join(folder, 'exim.conf'), '-bdf', '-oX', '25'], 25);
}

async function startServer(
  namespace: string,
  program: string,
  args: readonly string[],
  port: number,
): Promise<Server> {
  const child = spawn('ip', ['netns', 'exec', namespace, program, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr?.on('data', (text) => {
    complaint += text;
  });
  await listening(namespace, port, child, () => complaint);
  return { pid: child.pid ?? 0, stop: () => stop(child) };
}

async function listening(
  namespace: string,
  port: number,
  child: ChildProcess,
  complaint: () => string,
): Promise<void> {
  const deadlineMs = performance.now() + 10_000;
  while (!inNamespace(namespace, 'ss', '-Hltn', `sport = :${port}`).includes(`:${port}`)) {
    if (child.exitCode !== null || performance.now() > deadlineMs) {
      throw new Error(`nothing listens on port ${port}: ${complaint()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
