/** The client that the service is for: keeps asking through the virtual address, and remembers every answer. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Network } from './network.ts';
import type { Request } from './timeline.ts';
import { clientAddresses } from './tutorial-network.ts';

export interface Client {
  /** Every request answered or given up so far, in the order they began. */
  readonly requests: () => readonly Request[];
}

const paceMs = 150;
/** After this a request without an answer has failed. */
export const requestTimeoutMs = 1000;

export function startClient(network: Network, url: string, scratch: string): Client {
  const program = fileURLToPath(new URL('../../dist/drill/client-probe.js', import.meta.url));
  const file = join(scratch, 'client.jsonl');
  network.start(
    'client',
    process.execPath,
    [program, url, String(paceMs), String(requestTimeoutMs), ...clientAddresses],
    file,
  );
  return { requests: () => parseRequests(readFileSync(file, 'utf8')) };
}

/** A line still being written, and anything that is not a request, is left out. */
export function parseRequests(text: string): readonly Request[] {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const requests = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Request);
  return requests.sort((a, b) => a.atMs - b.atMs);
}
