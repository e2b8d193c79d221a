/** What a process must be started with so that it can lock its memory: `native/locked-memory.c` says why. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { holdfastPackage } from './package-root.ts';

/**
 * `environment` for such a process, which costs it nothing until it locks its memory. Unchanged where the library was not built: then
 * the process is refused the lock.
 */
export function withLockableMemory(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const library = fileURLToPath(new URL('build/Release/locked-memory.so', holdfastPackage().root));
  if (!existsSync(library)) return environment;
  // ld.so(8): names are separated by spaces or colons, and there is no way to write one that has any.
  if (/[\s:]/.test(library)) return environment;
  const others = environment['LD_PRELOAD'];
  return { ...environment, LD_PRELOAD: others ? `${library}:${others}` : library };
}
