/** Hears of what happens to one file by watching its folder: files are replaced by others of their name. */
import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { errorCode } from './read-track-file.ts';

export interface FolderWatchPorts {
  readonly onChange: () => void;
  /** Once: why the kernel does not tell of changes, save that there is no such folder. */
  readonly onRefused: (error: string) => void;
}

export class FolderWatch {
  readonly #folder: string;
  readonly #name: string;
  readonly #ports: FolderWatchPorts;
  #watcher: FSWatcher | undefined;
  /** Device and inode of the folder that is watched. */
  #identity: string | undefined;
  #refusalSaid = false;

  constructor(path: string, ports: FolderWatchPorts) {
    this.#folder = dirname(path);
    this.#name = basename(path);
    this.#ports = ports;
    this.renew();
  }

  /** Watches the folder that has the name now: it may have come, gone, or been replaced. */
  renew(): void {
    const identity = identityOf(this.#folder);
    if (identity === this.#identity && (identity === undefined || this.#watcher !== undefined)) return;
    this.close();
    if (identity === undefined) return;
    try {
      this.#watcher = watch(this.#folder, (_event, name) => {
        if (name === null || name === this.#name) this.#ports.onChange();
      });
      this.#watcher.on('error', () => this.close());
      this.#identity = identity;
    } catch (error) {
      if (!this.#refusalSaid) this.#ports.onRefused(errorCode(error));
      this.#refusalSaid = true;
    }
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#identity = undefined;
  }
}

function identityOf(folder: string): string | undefined {
  const facts = statSync(folder, { throwIfNoEntry: false });
  return facts?.isDirectory() ? `${facts.dev}:${facts.ino}` : undefined;
}
