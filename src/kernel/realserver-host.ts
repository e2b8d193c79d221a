/** Looks at this host and changes it as a real server needs it: addresses, settings, interfaces, the tunnels' modules. */
import { execFile } from 'node:child_process';
import { familyOf, type IpAddress } from '../net/address.ts';
import type { Change, HostInterface, Situation } from '../realserver/index.ts';
import { type LinkState, openLinkMonitor } from './link-monitor.ts';
import * as constants from './netlink/constants.ts';
import { ConnectionPool } from './netlink/index.ts';
import { encodeLinkUp } from './netlink/link-codec.ts';
import { type AddressTarget, openAddressClient } from './rtnetlink.ts';
import { readSysctl, writeSysctl } from './sysctl.ts';

/** Every problem is a sentence without an end. */
export interface RealServerHost {
  /** As it is now. Rejects where the kernel cannot be asked. */
  situation(): Promise<Situation>;
  make(change: Change): Promise<string | undefined>;
  undo(change: Change): Promise<string | undefined>;
  loadModule(name: string): Promise<string | undefined>;
}

const moduleTimeoutMs = 10_000;

export const realServerHost: RealServerHost = {
  situation: observe,
  make: (change) => perform(change, 'make'),
  undo: (change) => perform(change, 'undo'),
  loadModule,
};

async function observe(): Promise<Situation> {
  const monitor = await openLinkMonitor({ onEvent: () => undefined });
  try {
    return {
      interfaces: [...monitor.links().values()].map(describe),
      setting: (path) => {
        const found = readSysctl(path);
        return found.ok ? found.value : undefined;
      },
    };
  } finally {
    monitor.close();
  }
}

function describe(link: LinkState): HostInterface {
  const { name, index, isUp, isLoopback, hasArp, addresses } = link;
  return {
    name,
    index,
    isUp,
    isLoopback,
    answersArp: hasArp,
    addresses: addresses.map(({ address, prefixLength }) => ({ address, prefixLength })),
  };
}

async function perform(change: Change, direction: 'make' | 'undo'): Promise<string | undefined> {
  switch (change.kind) {
    case 'setting': {
      const value = direction === 'make' ? change.value : change.previous;
      const result = writeSysctl(change.path, value);
      return result.ok ? undefined : result.problem;
    }
    case 'linkUp':
      return setLink(change.interface, direction === 'make');
    default:
      return changeAddress(change, direction);
  }
}

async function indexOf(name: string): Promise<number | undefined> {
  const { interfaces } = await observe();
  return interfaces.find((one) => one.name === name)?.index;
}

async function setLink(name: string, isUp: boolean): Promise<string | undefined> {
  const index = await indexOf(name);
  if (index === undefined) return isUp ? `there is no interface ${name}` : undefined;
  const body = encodeLinkUp(index);
  // struct ifinfomsg: ifi_flags, of which ifi_change says that IFF_UP alone is meant.
  if (!isUp) body.fill(0, 8, 12);
  const operation = `RTM_NEWLINK ${name} ${isUp ? 'up' : 'down'}`;
  const connections = new ConnectionPool();
  try {
    const [error] = await connections.perform([{ type: constants.RTM_NEWLINK, flags: 0, body, operation }]);
    return error?.message;
  } finally {
    connections.close();
  }
}

async function changeAddress(
  change: { readonly interface: string; readonly address: IpAddress; readonly prefixLength: number },
  direction: 'make' | 'undo',
): Promise<string | undefined> {
  const interfaceIndex = await indexOf(change.interface);
  if (interfaceIndex === undefined) {
    return direction === 'make' ? `there is no interface ${change.interface}` : undefined;
  }
  const { interface: name, address, prefixLength } = change;
  const target: AddressTarget = {
    interfaceIndex,
    address: { address, prefixLength, interface: name, scope: 0 },
  };
  const client = openAddressClient();
  try {
    const [result] = await (direction === 'make'
      ? client.addAddresses([target])
      : client.removeAddresses([target]));
    return result?.error === undefined ? undefined : explained(result.error, change);
  } finally {
    client.close();
  }
}

/** EACCES: the kernel's word for IPv6 being disabled on the interface. */
function explained(
  error: Error & { readonly code: string },
  change: { readonly address: IpAddress },
): string {
  if (familyOf(change.address) === 6 && (error.code === 'EACCES' || error.code === 'EOPNOTSUPP')) {
    return `${error.message} (IPv6 is disabled on this host or on the interface)`;
  }
  return error.message;
}

function loadModule(name: string): Promise<string | undefined> {
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`;
  const settings = { timeout: moduleTimeoutMs, env: { PATH: path, LC_ALL: 'C' } };
  return new Promise((resolve) => {
    execFile('modprobe', ['--', name], settings, (error, _stdout, stderr) => {
      if (error === null) resolve(undefined);
      else if (error.code === 'ENOENT') resolve('there is no program modprobe (Debian package kmod)');
      else resolve(stderr.split('\n', 1)[0] || error.message);
    });
  });
}
