/** nginx on a web host: it answers with the machine's own name, which is how a client's answer tells who gave it. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Network } from './network.ts';
import type { WebHostName } from './tutorial-network.ts';
import { until } from './until.ts';

export interface WebHost {
  readonly start: () => Promise<void>;
  /** At once: its port refuses from then on. */
  readonly stop: () => Promise<void>;
}

/** The page that the tutorial asks for: http://<web host>/www/ says `web01` or `web02`. */
export const pagePath = '/www/';

export function prepareWebHost(network: Network, name: WebHostName, scratch: string): WebHost {
  const folder = join(scratch, name);
  mkdirSync(join(folder, 'www'), { recursive: true });
  writeFileSync(join(folder, 'www', 'index.html'), `${name}\n`);
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder));
  let running: ChildProcess | undefined;
  return {
    start: async () => {
      running = network.start(
        name,
        'nginx',
        ['-p', folder, '-e', 'error.log', '-c', 'nginx.conf'],
        join(folder, 'log'),
      );
      const { pid } = running;
      await until(`nginx listens on ${name}`, 10_000, () => listensOnPort80(pid));
    },
    stop: async () => {
      if (running === undefined || running.exitCode !== null) return;
      const ended = once(running, 'exit');
      running.kill('SIGKILL');
      await ended;
    },
  };
}

/** One process in the foreground, its files in a folder of its own: nothing of the installed nginx is touched. */
function configuration(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `  ${kind}_temp_path ${folder}/${kind};`)
    .join('\n');
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events {
  worker_connections 256;
}
http {
${temporary}
  access_log off;
  server {
    listen 80;
    root ${folder};
  }
}
`;
}

/** A line of /proc/net/tcp: any local address, port 80, no peer, state 0A, which is LISTEN. */
function listensOnPort80(pid: number | undefined): boolean {
  return readFileSync(`/proc/${pid}/net/tcp`, 'utf8').includes(':0050 00000000:0000 0A');
}
