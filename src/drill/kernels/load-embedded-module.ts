/** A kernel module that the embedded kernel's init does not load. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The embedded kernel's modules lie in a folder that its command line names; another kernel's are found without. */
export function loadEmbeddedModule(name: string): void {
  const folder = /HOLDFAST_MODULES=(\S+)/.exec(readFileSync('/proc/cmdline', 'utf8'))?.[1];
  const where = folder === undefined ? [] : ['-d', folder];
  spawnSync('modprobe', ['-q', ...where, name], { stdio: 'ignore' });
}
