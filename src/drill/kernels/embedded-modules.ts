/**
 * The embedded kernel's modules with their index: modprobe needs what depmod makes, and Debian's package brings the
 * modules without it. Kept in a cache folder that belongs to this user alone, since root's kernel loads what is there.
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireProgram } from '../run-program.ts';

export const embeddedModulesSource = '/usr/lib/uml/modules';

/** The folder to give to `modprobe -d`; made at the first call and whenever the package has changed. */
export async function prepareModules(): Promise<string> {
  const cache = ownFolder(join(tmpdir(), `holdfast-kernel-${process.getuid?.() ?? 'user'}`));
  const release = readdirSync(embeddedModulesSource)[0];
  if (release === undefined) throw new Error(`${embeddedModulesSource} holds no modules`);
  const changedAt = Math.round(statSync(join(embeddedModulesSource, release)).mtimeMs);
  const ready = join(cache, `${release}-${changedAt}`);
  if (existsSync(ready)) return ready;
  const draft = mkdtempSync(join(cache, 'draft-'));
  mkdirSync(join(draft, 'lib'));
  cpSync(embeddedModulesSource, join(draft, 'lib', 'modules'), { recursive: true });
  await requireProgram('depmod', ['-b', draft, release], { timeoutMs: 60_000 });
  publish(draft, ready);
  return ready;
}

/** Makes the folder, or refuses one that somebody else could have filled. */
function ownFolder(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new Error(`${folder} is not a folder of this user: remove it and try again`);
  }
  chmodSync(folder, 0o700);
  return folder;
}

/** Two runs may prepare at once: the first one's folder is as good as ours. */
function publish(draft: string, ready: string): void {
  try {
    renameSync(draft, ready);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(ready)) throw error;
  }
}
