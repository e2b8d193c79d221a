/** Kernel modules that the embedded kernel's init does not load. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The embedded kernel's modules lie in a folder that its command line names; another kernel's are found without. */
export function loadEmbeddedModules(...names: readonly string[]): void {
  const folder = /HOLDFAST_MODULES=(\S+)/.exec(readFileSync('/proc/cmdline', 'utf8'))?.[1];
  const where = folder === undefined ? [] : ['-d', folder];
  spawnSync('modprobe', ['-q', ...where, '-a', ...names], { stdio: 'ignore' });
}

/** What FULLNAT's rules need, of a kernel that cannot load modules by itself. */
export const fullNatModules = [
  'nf_conntrack',
  'iptable_nat',
  'ip6table_nat',
  'xt_nat',
  'xt_MASQUERADE',
  'xt_conntrack',
  'xt_statistic',
  'xt_mark',
  'xt_tcpudp',
  'iptable_mangle',
] as const;
