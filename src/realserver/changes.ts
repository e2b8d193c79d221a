/** A change that was made to a host, and the commands by which an operator makes and undoes the same. */
import { familyOf, type IpAddress } from '../net/address.ts';
import type { Need } from './needs.ts';

export type Change =
  | {
      readonly kind: 'setting';
      readonly path: string;
      /** What it was before. */
      readonly previous: string;
      readonly value: string;
    }
  | { readonly kind: 'linkUp'; readonly interface: string }
  | {
      readonly kind: 'address';
      readonly interface: string;
      readonly address: IpAddress;
      readonly prefixLength: number;
    };

/** As sysctl(8) takes it: with dots, unless an interface's name has one. */
export function settingName(path: string): string {
  return path.includes('.') ? `net/${path}` : `net.${path.replaceAll('/', '.')}`;
}

/** Each a line for a shell. */
export function changeCommands(changes: readonly (Change | Need)[]): readonly string[] {
  return changes.map((change) => {
    switch (change.kind) {
      case 'module':
        return `modprobe ${change.module}`;
      case 'setting':
        return settingCommand(change.path, change.value);
      case 'linkUp':
        return `ip link set dev ${change.interface} up`;
      default:
        return addressCommand('add', change);
    }
  });
}

/** In the order of the list, which for undoing is the reverse of what was done. */
export function undoCommands(changes: readonly Change[]): readonly string[] {
  return changes.map((change) => {
    switch (change.kind) {
      case 'setting':
        return settingCommand(change.path, change.previous);
      case 'linkUp':
        return `ip link set dev ${change.interface} down`;
      default:
        return addressCommand('del', change);
    }
  });
}

export function settingCommand(path: string, value: string): string {
  return `sysctl -w ${settingName(path)}=${value}`;
}

export function addressCommand(
  verb: 'add' | 'del',
  one: { readonly interface: string; readonly address: IpAddress; readonly prefixLength: number },
): string {
  const nodad = verb === 'add' && familyOf(one.address) === 6 ? ' nodad' : '';
  return `ip address ${verb} ${one.address}/${one.prefixLength} dev ${one.interface}${nodad}`;
}

/** What was done, in a few words. */
export function describeChange(change: Change): string {
  switch (change.kind) {
    case 'setting':
      return `${settingName(change.path)} = ${change.value} (was ${change.previous})`;
    case 'linkUp':
      return `${change.interface} is up (was down)`;
    default:
      return `${change.address}/${change.prefixLength} is on ${change.interface}`;
  }
}
