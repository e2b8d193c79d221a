/**
 * A Unix socket at a path, safely: nobody but its owner may connect at any moment, a name that a dead daemon left is replaced,
 * and one that somebody answers at is not.
 */
import { chmodSync, lstatSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import process from 'node:process';
import { errorCode } from '../logger/index.ts';

/** sockaddr_un: the path has 108 bytes with the zero that ends it. */
const longestPathBytes = 107;

/** How long somebody may take to answer at a path that is in the way. */
const answerTimeMs = 1000;

/**
 * Has `server` listen at `path`, with mode 0600. Rejects with a sentence for the operator where the path is taken, or cannot
 * be made. Resolves with what takes the path away again, if it is still ours.
 */
export async function claimSocket(server: Server, path: string): Promise<() => void> {
  // libuv cuts a path that is too long, and listens elsewhere.
  const draft = `${path}.${process.pid}`;
  if (Buffer.byteLength(draft) > longestPathBytes) {
    throw new Error(`the path of the control socket is too long for a socket: ${path}`);
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  await requireFree(path);
  rmSync(draft, { force: true });
  await listenUnseen(server, draft);
  const { ino, dev } = statSync(draft);
  // In one step, whatever of a dead daemon's is there.
  renameSync(draft, path);
  return () => {
    if (isSame(path, ino, dev)) rmSync(path, { force: true });
  };
}

/** The name is made by bind(2) with the mode that the umask leaves, within the call. */
function listenUnseen(server: Server, draft: string): Promise<void> {
  const umask = process.umask(0o177);
  try {
    const listening = new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(draft, () => {
        server.off('error', reject);
        chmodSync(draft, 0o600);
        resolve();
      });
    });
    return listening;
  } finally {
    process.umask(umask);
  }
}

async function requireFree(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error(`${path} is there and is no socket: it is left alone`);
  if (await isAnswered(path)) throw new Error(`another daemon answers at ${path}`);
}

/** A daemon that is too busy to take the connection is alive all the same. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(answerTimeMs, () => end(true));
    socket.once('connect', () => end(true));
    socket.once('error', (error) => end(!['ECONNREFUSED', 'ENOENT'].includes(errorCode(error) ?? '')));
  });
}

function isSame(path: string, ino: number, dev: number): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.ino === ino && found.dev === dev;
}
