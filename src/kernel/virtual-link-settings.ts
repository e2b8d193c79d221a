/**
 * The settings under /proc/sys/net that make macvlans of virtual routers work, as Debian's keepalived 2.2.7 was seen
 * to set them: on the new interface; on its base, given back when the last one of that base goes; and for all
 * interfaces. Reading and writing are arguments.
 */
import type { AddressFamily } from '../net/address.ts';

export interface Setting {
  /** Below /proc/sys/net. */
  readonly path: string;
  readonly value: number;
}

/** What reads, writes and lists; undefined and false where it cannot be done. */
export interface SettingsAccess {
  read(path: string): number | undefined;
  write(path: string, value: number): boolean;
  /** Interfaces that have IPv4 settings, `all` and `default` among them. */
  interfaces(): readonly string[];
}

/** Settings of a new virtual link, before it comes up. `holdsIpv6`: addresses of IPv6 are held on it. */
export function linkSettings(
  kind: 'macvlan' | 'ipvlan',
  name: string,
  family: AddressFamily,
  holdsIpv6: boolean,
): readonly Setting[] {
  const ipv4 = (setting: string, value: number) => ({ path: `ipv4/conf/${name}/${setting}`, value });
  const ipv6 = (setting: string, value: number) => ({ path: `ipv6/conf/${name}/${setting}`, value });
  const arp =
    kind === 'macvlan' && family === 4
      ? [
          // Answers no ARP request for an address of its base,
          ipv4('arp_ignore', 1),
          // hears the advertisements of another virtual router of this host,
          ipv4('accept_local', 1),
          // and takes packets in while it has no address.
          ipv4('rp_filter', 0),
          ipv4('promote_secondaries', 1),
        ]
      : [];
  if (family === 4 && !holdsIpv6) return [...arp, ipv6('disable_ipv6', 1)];
  // keepalived leaves router advertisements on; they would give the link addresses and default routes by which the
  // router's own traffic leaves from the virtual MAC address. The base interface hears them too.
  const routerAdvertisements = kind === 'macvlan' ? [ipv6('accept_ra', 0), ipv6('autoconf', 0)] : [];
  return [...arp, ipv6('disable_ipv6', 0), ...routerAdvertisements];
}

interface Change extends Setting {
  readonly previous: number;
}

interface Holding {
  holders: number;
  readonly changes: readonly Change[];
}

/** What several virtual links share: the settings of their bases, and of all interfaces. */
export class SharedSettings {
  readonly #access: SettingsAccess;
  readonly #bases = new Map<string, Holding>();
  #everywhere: Holding | undefined;

  constructor(access: SettingsAccess) {
    this.#access = access;
  }

  /** For one more macvlan of IPv4 on that base. What could not be written is what it returns. */
  hold(base: string): readonly Setting[] {
    const failed: Setting[] = [];
    const held = this.#bases.get(base);
    if (held === undefined) {
      // The base must not answer ARP requests for the virtual addresses, nor for its own where they come by the
      // macvlan.
      const wanted = ['arp_ignore', 'arp_filter'].map((name) => ({
        path: `ipv4/conf/${base}/${name}`,
        value: 1,
      }));
      this.#bases.set(base, { holders: 1, changes: this.#raise(wanted, failed) });
    } else held.holders += 1;
    if (this.#everywhere === undefined) {
      this.#everywhere = { holders: 1, changes: this.#freeFromAll(failed) };
    } else this.#everywhere.holders += 1;
    return failed;
  }

  /** For one less: the last one gives everything back that is still as it was set. */
  release(base: string): void {
    const held = this.#bases.get(base);
    if (held === undefined) return;
    held.holders -= 1;
    if (held.holders === 0) {
      this.#giveBack(held.changes);
      this.#bases.delete(base);
    }
    if (this.#everywhere === undefined) return;
    this.#everywhere.holders -= 1;
    if (this.#everywhere.holders > 0) return;
    this.#giveBack(this.#everywhere.changes);
    this.#everywhere = undefined;
  }

  /**
   * The kernel filters by the stricter one of an interface's own rp_filter and that of `all`, so that 0 on a macvlan
   * means nothing while `all` has more: that value moves to every other interface, and to those to come.
   */
  #freeFromAll(failed: Setting[]): readonly Change[] {
    const all = 'ipv4/conf/all/rp_filter';
    const value = this.#access.read(all) ?? 0;
    if (value === 0) return [];
    const others = this.#access.interfaces().filter((name) => name !== 'all');
    const wanted = others.map((name) => ({ path: `ipv4/conf/${name}/rp_filter`, value }));
    const raised = this.#raise(wanted, failed);
    if (this.#access.write(all, 0)) return [...raised, { path: all, value: 0, previous: value }];
    failed.push({ path: all, value: 0 });
    return raised;
  }

  /** A stricter value stays. */
  #raise(wanted: readonly Setting[], failed: Setting[]): readonly Change[] {
    const changes: Change[] = [];
    for (const setting of wanted) {
      const previous = this.#access.read(setting.path);
      if (previous !== undefined && previous >= setting.value) continue;
      if (previous !== undefined && this.#access.write(setting.path, setting.value)) {
        changes.push({ ...setting, previous });
      } else failed.push(setting);
    }
    return changes;
  }

  #giveBack(changes: readonly Change[]): void {
    for (const { path, value, previous } of [...changes].reverse()) {
      if (this.#access.read(path) === value) this.#access.write(path, previous);
    }
  }
}
