/**
 * The kernel's network settings under /proc/sys/net, of this process's network namespace. A setting is named by its
 * path below that folder (`ipv4/conf/eth0/arp_ignore`): an interface's name may contain dots, never a slash.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { codeOf } from './netlink/index.ts';

export type SysctlResult = { readonly ok: true; readonly value: string } | SysctlFailure;

export interface SysctlFailure {
  readonly ok: false;
  /**
   * `ENOENT`: this kernel has no such setting, or there is no such interface. `EROFS`, `EACCES`: a container may not.
   */
  readonly code: string;
  /** A sentence without an end: `cannot set net/ipv4/conf/eth0/arp_ignore to 1: EROFS`. */
  readonly problem: string;
}

/** What a change found, so that it can be taken back. */
export type SysctlChange =
  | { readonly ok: true; readonly previous: string; readonly changed: boolean }
  | SysctlFailure;

const folder = '/proc/sys/net';

/** The setting, without the end of its line. */
export function readSysctl(path: string): SysctlResult {
  return attempt(`cannot read net/${path}`, path, (file) => readFileSync(file, 'utf8').trim());
}

export function writeSysctl(path: string, value: string | number): SysctlResult {
  return attempt(`cannot set net/${path} to ${value}`, path, (file) => {
    writeFileSync(file, `${value}\n`);
    return String(value);
  });
}

/** Writes only where something else is there. */
export function changeSysctl(path: string, value: string | number): SysctlChange {
  const found = readSysctl(path);
  if (!found.ok) return found;
  const changed = found.value !== String(value);
  const written = changed ? writeSysctl(path, value) : found;
  return written.ok ? { ok: true, previous: found.value, changed } : written;
}

/**
 * keepalived.conf(5): promote_secondaries. When an address of the interface goes, the others of its subnet stay: one
 * of them becomes the primary one.
 */
export function promoteSecondaries(interfaceName: string): SysctlChange {
  return changeSysctl(`ipv4/conf/${interfaceName}/promote_secondaries`, 1);
}

/** keepalived.conf(5): disable_local_igmp. No membership reports are sent for groups of 224.0.0.0/24. */
export function disableLocalIgmp(): SysctlChange {
  return changeSysctl('ipv4/igmp_link_local_mcast_reports', 0);
}

function attempt(doing: string, path: string, perform: (file: string) => string): SysctlResult {
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    return { ok: false, code: 'EINVAL', problem: `${doing}: that is no name of a setting` };
  }
  try {
    return { ok: true, value: perform(`${folder}/${path}`) };
  } catch (error) {
    const code = codeOf(error);
    return { ok: false, code, problem: `${doing}: ${code}` };
  }
}
