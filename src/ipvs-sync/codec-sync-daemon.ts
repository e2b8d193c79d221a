/**
 * The kernel's connection synchronization as netlink attributes and back (linux/ip_vs.h, IPVS_DAEMON_ATTR_*). The port
 * is in the machine's byte order here, unlike that of services.
 */
import { addressBytes, addressFromBytes, familyOf, type IpAddress } from '../net/address.ts';
import * as attributes from './attributes.ts';
import * as ipvs from './constants.ts';
import type { SyncDaemon } from './model.ts';

export function encodeSyncDaemon(daemon: SyncDaemon): Uint8Array {
  const { maxLengthBytes, port, ttl, group } = daemon;
  return attributes.nestedAttribute(
    ipvs.IPVS_CMD_ATTR_DAEMON,
    state(daemon.state),
    attributes.attributeText(ipvs.IPVS_DAEMON_ATTR_MCAST_IFN, daemon.interface),
    attributes.attributeU32(ipvs.IPVS_DAEMON_ATTR_SYNC_ID, daemon.syncId),
    ...(maxLengthBytes === undefined
      ? []
      : [attributes.attributeU16(ipvs.IPVS_DAEMON_ATTR_SYNC_MAXLEN, maxLengthBytes)]),
    ...(group === undefined ? [] : [encodeGroup(group)]),
    ...(port === undefined ? [] : [attributes.attributeU16(ipvs.IPVS_DAEMON_ATTR_MCAST_PORT, port)]),
    ...(ttl === undefined ? [] : [attributes.attributeU8(ipvs.IPVS_DAEMON_ATTR_MCAST_TTL, ttl)]),
  );
}

/** What DEL_DAEMON needs. */
export function encodeSyncDaemonState(daemonState: SyncDaemon['state']): Uint8Array {
  return attributes.nestedAttribute(ipvs.IPVS_CMD_ATTR_DAEMON, state(daemonState));
}

/** Undefined for what the kernel never sends. */
export function decodeSyncDaemon(bytes: Uint8Array): SyncDaemon | undefined {
  const all = attributes.decodeAttributes(bytes);
  const data = all && attributes.readNested(all, ipvs.IPVS_CMD_ATTR_DAEMON);
  if (data === undefined) return undefined;
  const number = attributes.readU32(data, ipvs.IPVS_DAEMON_ATTR_STATE);
  const interfaceName = attributes.readText(data, ipvs.IPVS_DAEMON_ATTR_MCAST_IFN);
  const syncId = attributes.readU32(data, ipvs.IPVS_DAEMON_ATTR_SYNC_ID);
  const known = Object.entries(ipvs.daemonStates).find(([, value]) => value === number);
  if (known === undefined || interfaceName === undefined || syncId === undefined) return undefined;
  return {
    state: number === ipvs.daemonStates.master ? 'master' : 'backup',
    interface: interfaceName,
    syncId,
    ...decodeOptions(data),
  };
}

type Options = Pick<SyncDaemon, 'maxLengthBytes' | 'port' | 'ttl' | 'group'>;

/** Kernels before 4.3 send none of these. */
function decodeOptions(data: attributes.Attributes): Options {
  const maxLengthBytes = attributes.readU16(data, ipvs.IPVS_DAEMON_ATTR_SYNC_MAXLEN);
  const port = attributes.readU16(data, ipvs.IPVS_DAEMON_ATTR_MCAST_PORT);
  const ttl = attributes.readU8(data, ipvs.IPVS_DAEMON_ATTR_MCAST_TTL);
  const group = decodeGroup(data);
  return {
    ...(maxLengthBytes !== undefined && { maxLengthBytes }),
    ...(port !== undefined && { port }),
    ...(ttl !== undefined && { ttl }),
    ...(group !== undefined && { group }),
  };
}

function state(daemonState: SyncDaemon['state']): Uint8Array {
  return attributes.attributeU32(ipvs.IPVS_DAEMON_ATTR_STATE, ipvs.daemonStates[daemonState]);
}

function encodeGroup(group: IpAddress): Uint8Array {
  const type = familyOf(group) === 4 ? ipvs.IPVS_DAEMON_ATTR_MCAST_GROUP : ipvs.IPVS_DAEMON_ATTR_MCAST_GROUP6;
  return attributes.attribute(type, addressBytes(group));
}

function decodeGroup(data: attributes.Attributes): IpAddress | undefined {
  const ipv4 = data.get(ipvs.IPVS_DAEMON_ATTR_MCAST_GROUP);
  if (ipv4?.length === 4) return addressFromBytes(ipv4);
  const ipv6 = data.get(ipvs.IPVS_DAEMON_ATTR_MCAST_GROUP6);
  return ipv6?.length === 16 ? addressFromBytes(ipv6) : undefined;
}
