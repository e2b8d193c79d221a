/**
 * IPVS nouns to netlink attributes and back. The kernel's peculiarities stay here: addresses in a field of 16 bytes, ports
 * in network order beside numbers in the machine's, flags as value and mask, granularity as a netmask for IPv4 and as
 * a prefix length for IPv6 (linux/ip_vs.h; net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_genl_policy).
 */
import type { IpvsTimeouts, Protocol, Tunnel, VirtualService } from '../config-parser/config.ts';
import {
  type AddressFamily,
  addressBytes,
  addressFromBytes,
  familyOf,
  type IpAddress,
} from '../net/address.ts';
import * as attributes from './attributes.ts';
import * as ipvs from './constants.ts';
import type {
  Destination,
  IpvsInfo,
  ObservedDestination,
  ObservedService,
  Operation,
  Service,
  Statistics,
} from './model.ts';

/** The command and the attributes that follow the generic netlink header. */
export interface IpvsRequest {
  readonly command: ipvs.IpvsCommand;
  readonly attributes: Uint8Array;
}

export function encodeOperation(operation: Operation): IpvsRequest {
  switch (operation.kind) {
    case 'createService':
      return { command: 'IPVS_CMD_NEW_SERVICE', attributes: encodeService(operation.service) };
    case 'updateService':
      return { command: 'IPVS_CMD_SET_SERVICE', attributes: encodeService(operation.service) };
    case 'removeService':
      return { command: 'IPVS_CMD_DEL_SERVICE', attributes: encodeServiceIdentity(operation.service) };
    case 'createDestination':
      return { command: 'IPVS_CMD_NEW_DEST', attributes: serviceAndDestination(operation) };
    case 'updateDestination':
      return { command: 'IPVS_CMD_SET_DEST', attributes: serviceAndDestination(operation) };
    case 'removeDestination':
      return {
        command: 'IPVS_CMD_DEL_DEST',
        attributes: attributes.concatenate([
          encodeServiceIdentity(operation.service),
          attributes.nestedAttribute(ipvs.IPVS_CMD_ATTR_DEST, ...destinationIdentity(operation)),
        ]),
      };
  }
}

export function encodeService(service: Service): Uint8Array {
  return attributes.nestedAttribute(
    ipvs.IPVS_CMD_ATTR_SERVICE,
    ...serviceIdentity(service.service),
    attributes.attributeText(ipvs.IPVS_SVC_ATTR_SCHED_NAME, service.scheduler),
    encodeFlags(service.flags),
    attributes.attributeU32(ipvs.IPVS_SVC_ATTR_TIMEOUT, service.persistenceTimeoutSeconds),
    encodeGranularity(serviceFamily(service.service), service.persistencePrefixLength),
    // Without this attribute the kernel takes the engine away.
    ...(service.persistenceEngine === undefined
      ? []
      : [attributes.attributeText(ipvs.IPVS_SVC_ATTR_PE_NAME, service.persistenceEngine)]),
  );
}

export function encodeServiceIdentity(service: VirtualService): Uint8Array {
  return attributes.nestedAttribute(ipvs.IPVS_CMD_ATTR_SERVICE, ...serviceIdentity(service));
}

export function encodeDestination(destination: Destination): Uint8Array {
  return attributes.nestedAttribute(
    ipvs.IPVS_CMD_ATTR_DEST,
    ...destinationIdentity(destination),
    attributes.attributeU32(ipvs.IPVS_DEST_ATTR_FWD_METHOD, ipvs.forwardingMethods[destination.forwarding]),
    attributes.attributeU32(ipvs.IPVS_DEST_ATTR_WEIGHT, destination.weight),
    attributes.attributeU32(ipvs.IPVS_DEST_ATTR_U_THRESH, destination.upperThreshold),
    attributes.attributeU32(ipvs.IPVS_DEST_ATTR_L_THRESH, destination.lowerThreshold),
    ...encodeTunnel(destination.tunnel),
  );
}

/** What is undefined stays as the kernel has it. */
export function encodeTimeouts(timeouts: IpvsTimeouts): Uint8Array {
  const seconds: readonly (readonly [number, number | undefined])[] = [
    [ipvs.IPVS_CMD_ATTR_TIMEOUT_TCP, timeouts.tcpSeconds],
    [ipvs.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeouts.tcpFinSeconds],
    [ipvs.IPVS_CMD_ATTR_TIMEOUT_UDP, timeouts.udpSeconds],
  ];
  return attributes.concatenate(
    seconds.flatMap(([type, value]) => (value === undefined ? [] : [attributes.attributeU32(type, value)])),
  );
}

/** The decoders take what follows the generic netlink header, and answer undefined for what the kernel never sends. */
export function decodeService(bytes: Uint8Array): Omit<ObservedService, 'destinations'> | undefined {
  const service = nestedIn(bytes, ipvs.IPVS_CMD_ATTR_SERVICE);
  const identity = service && decodeServiceIdentity(service);
  const scheduler = service && attributes.readText(service, ipvs.IPVS_SVC_ATTR_SCHED_NAME);
  const flags = service && decodeFlags(service);
  const timeout = service && attributes.readU32(service, ipvs.IPVS_SVC_ATTR_TIMEOUT);
  const statistics =
    service && decodeStatistics(service, ipvs.IPVS_SVC_ATTR_STATS64, ipvs.IPVS_SVC_ATTR_STATS);
  if (!identity || scheduler === undefined || flags === undefined || timeout === undefined || !statistics)
    return undefined;
  const persistencePrefixLength = decodeGranularity(service, serviceFamily(identity));
  if (persistencePrefixLength === undefined) return undefined;
  return {
    service: {
      service: identity,
      scheduler,
      flags,
      persistenceTimeoutSeconds: (flags & ipvs.IP_VS_SVC_F_PERSISTENT) === 0 ? 0 : timeout,
      persistencePrefixLength,
      ...decodeEngine(service),
    },
    statistics,
  };
}

/** `family` is that of the service: kernels before 3.18 do not say which family a destination has. */
export function decodeDestination(bytes: Uint8Array, family: AddressFamily): ObservedDestination | undefined {
  const data = nestedIn(bytes, ipvs.IPVS_CMD_ATTR_DEST);
  const number = (type: number) => data && attributes.readU32(data, type);
  const address = data && decodeDestinationAddress(data, family);
  const port = data && attributes.readU16Network(data, ipvs.IPVS_DEST_ATTR_PORT);
  const forwarding = decodeForwarding(number(ipvs.IPVS_DEST_ATTR_FWD_METHOD));
  const weight = number(ipvs.IPVS_DEST_ATTR_WEIGHT);
  const statistics = data && decodeStatistics(data, ipvs.IPVS_DEST_ATTR_STATS64, ipvs.IPVS_DEST_ATTR_STATS);
  if (!address || port === undefined || !forwarding || weight === undefined || !statistics) return undefined;
  return {
    address,
    port,
    forwarding,
    ...(forwarding === 'TUN' && { tunnel: decodeTunnel(data) }),
    weight: weight | 0,
    upperThreshold: number(ipvs.IPVS_DEST_ATTR_U_THRESH) ?? 0,
    lowerThreshold: number(ipvs.IPVS_DEST_ATTR_L_THRESH) ?? 0,
    activeConnections: number(ipvs.IPVS_DEST_ATTR_ACTIVE_CONNS) ?? 0,
    inactiveConnections: number(ipvs.IPVS_DEST_ATTR_INACT_CONNS) ?? 0,
    persistentConnections: number(ipvs.IPVS_DEST_ATTR_PERSIST_CONNS) ?? 0,
    statistics,
  };
}

export function decodeTimeouts(bytes: Uint8Array): Required<IpvsTimeouts> | undefined {
  const all = attributes.decodeAttributes(bytes);
  const tcpSeconds = all && attributes.readU32(all, ipvs.IPVS_CMD_ATTR_TIMEOUT_TCP);
  const tcpFinSeconds = all && attributes.readU32(all, ipvs.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN);
  const udpSeconds = all && attributes.readU32(all, ipvs.IPVS_CMD_ATTR_TIMEOUT_UDP);
  if (tcpSeconds === undefined || tcpFinSeconds === undefined || udpSeconds === undefined) return undefined;
  return { tcpSeconds, tcpFinSeconds, udpSeconds };
}

export function decodeInfo(bytes: Uint8Array): IpvsInfo | undefined {
  const all = attributes.decodeAttributes(bytes);
  const version = all && attributes.readU32(all, ipvs.IPVS_INFO_ATTR_VERSION);
  const connectionTableSize = all && attributes.readU32(all, ipvs.IPVS_INFO_ATTR_CONN_TAB_SIZE);
  if (version === undefined || connectionTableSize === undefined) return undefined;
  // linux/ip_vs.h: NVERSION
  return {
    version: `${(version >> 16) & 0xff}.${(version >> 8) & 0xff}.${version & 0xff}`,
    connectionTableSize,
  };
}

export function serviceFamily(service: VirtualService): AddressFamily {
  return service.kind === 'fwmark' ? service.family : familyOf(service.address);
}

function serviceIdentity(service: VirtualService): readonly Uint8Array[] {
  const family = attributes.attributeU16(ipvs.IPVS_SVC_ATTR_AF, familyNumber(serviceFamily(service)));
  if (service.kind === 'fwmark')
    return [family, attributes.attributeU32(ipvs.IPVS_SVC_ATTR_FWMARK, service.mark)];
  return [
    family,
    attributes.attributeU16(ipvs.IPVS_SVC_ATTR_PROTOCOL, ipvs.protocolNumbers[service.protocol]),
    attributes.attribute(ipvs.IPVS_SVC_ATTR_ADDR, addressField(service.address)),
    attributes.attributeU16Network(ipvs.IPVS_SVC_ATTR_PORT, service.port),
  ];
}

function destinationIdentity(server: {
  readonly address: IpAddress;
  readonly port: number;
}): readonly Uint8Array[] {
  return [
    attributes.attributeU16(ipvs.IPVS_DEST_ATTR_ADDR_FAMILY, familyNumber(familyOf(server.address))),
    attributes.attribute(ipvs.IPVS_DEST_ATTR_ADDR, addressField(server.address)),
    attributes.attributeU16Network(ipvs.IPVS_DEST_ATTR_PORT, server.port),
  ];
}

function serviceAndDestination(pair: { service: VirtualService; destination: Destination }): Uint8Array {
  return attributes.concatenate([encodeServiceIdentity(pair.service), encodeDestination(pair.destination)]);
}

/** Plain IP in IP is what the kernel takes without these attributes, and all that kernels before 5.3 know. */
function encodeTunnel(tunnel: Tunnel | undefined): readonly Uint8Array[] {
  if (tunnel === undefined || tunnel.type === 'ipip') return [];
  const flags = ipvs.tunnelChecksums[tunnel.checksum ?? 'nocsum'];
  return [
    attributes.attributeU8(ipvs.IPVS_DEST_ATTR_TUN_TYPE, ipvs.tunnelTypes[tunnel.type]),
    attributes.attributeU16Network(ipvs.IPVS_DEST_ATTR_TUN_PORT, tunnel.port ?? 0),
    attributes.attributeU16(ipvs.IPVS_DEST_ATTR_TUN_FLAGS, flags),
  ];
}

/** A type that we do not know is plain IP in IP, which then differs from what we want. */
function decodeTunnel(data: attributes.Attributes): Tunnel {
  const type =
    keyWithValue(ipvs.tunnelTypes, attributes.readU8(data, ipvs.IPVS_DEST_ATTR_TUN_TYPE)) ?? 'ipip';
  const port = attributes.readU16Network(data, ipvs.IPVS_DEST_ATTR_TUN_PORT) ?? 0;
  const flags = attributes.readU16(data, ipvs.IPVS_DEST_ATTR_TUN_FLAGS);
  const checksum = keyWithValue(ipvs.tunnelChecksums, flags) ?? 'nocsum';
  return {
    type,
    ...(port !== 0 && { port }),
    ...(checksum !== 'nocsum' && { checksum }),
  };
}

function decodeEngine(service: attributes.Attributes): Pick<Service, 'persistenceEngine'> {
  const name = attributes.readText(service, ipvs.IPVS_SVC_ATTR_PE_NAME);
  return name === undefined || name === '' ? {} : { persistenceEngine: name };
}

/** union nf_inet_addr: 16 bytes, of which IPv4 uses the first four. */
function addressField(address: IpAddress): Uint8Array {
  const field = new Uint8Array(16);
  field.set(addressBytes(address));
  return field;
}

/** struct ip_vs_flags: the bits, and which of them are meant. All are: what we do not set is to be clear. */
function encodeFlags(flags: number): Uint8Array {
  const data = new Uint8Array(8);
  const view = attributes.viewOf(data);
  view.setUint32(0, flags, attributes.littleEndian);
  view.setUint32(4, 0xffffffff, attributes.littleEndian);
  return attributes.attribute(ipvs.IPVS_SVC_ATTR_FLAGS, data);
}

function encodeGranularity(family: AddressFamily, prefixLength: number): Uint8Array {
  if (family === 6) return attributes.attributeU32(ipvs.IPVS_SVC_ATTR_NETMASK, prefixLength);
  const netmask = prefixLength === 0 ? 0 : (0xffffffff << (32 - prefixLength)) >>> 0;
  return attributes.attributeU32Network(ipvs.IPVS_SVC_ATTR_NETMASK, netmask);
}

function decodeGranularity(service: attributes.Attributes, family: AddressFamily): number | undefined {
  if (family === 6) return attributes.readU32(service, ipvs.IPVS_SVC_ATTR_NETMASK);
  const netmask = attributes.readU32Network(service, ipvs.IPVS_SVC_ATTR_NETMASK);
  return netmask === undefined ? undefined : Math.clz32(~netmask);
}

function decodeServiceIdentity(service: attributes.Attributes): VirtualService | undefined {
  const family = familyFromNumber(attributes.readU16(service, ipvs.IPVS_SVC_ATTR_AF));
  const mark = attributes.readU32(service, ipvs.IPVS_SVC_ATTR_FWMARK);
  if (family === undefined) return undefined;
  if (mark !== undefined) return { kind: 'fwmark', mark, family };
  const protocol = protocolFromNumber(attributes.readU16(service, ipvs.IPVS_SVC_ATTR_PROTOCOL));
  const address = decodeAddress(service.get(ipvs.IPVS_SVC_ATTR_ADDR), family);
  const port = attributes.readU16Network(service, ipvs.IPVS_SVC_ATTR_PORT);
  if (!protocol || !address || port === undefined) return undefined;
  return { kind: 'address', protocol, address, port };
}

function decodeDestinationAddress(
  data: attributes.Attributes,
  serviceFamily: AddressFamily,
): IpAddress | undefined {
  const stated = familyFromNumber(attributes.readU16(data, ipvs.IPVS_DEST_ATTR_ADDR_FAMILY));
  return decodeAddress(data.get(ipvs.IPVS_DEST_ATTR_ADDR), stated ?? serviceFamily);
}

function decodeAddress(field: Uint8Array | undefined, family: AddressFamily): IpAddress | undefined {
  if (field?.length !== 16) return undefined;
  return addressFromBytes(family === 4 ? field.subarray(0, 4) : field);
}

function decodeFlags(service: attributes.Attributes): number | undefined {
  const data = service.get(ipvs.IPVS_SVC_ATTR_FLAGS);
  if (data?.length !== 8) return undefined;
  return attributes.viewOf(data).getUint32(0, attributes.littleEndian) & ~ipvs.IP_VS_SVC_F_HASHED;
}

function decodeForwarding(value: number | undefined): Destination['forwarding'] | undefined {
  if (value === undefined) return undefined;
  const method = value & ipvs.IP_VS_CONN_F_FWD_MASK;
  return keyWithValue(ipvs.forwardingMethods, method);
}

/** The 64-bit statistics where the kernel has them (4.1 and newer), else the old ones. */
function decodeStatistics(
  parent: attributes.Attributes,
  wide: number,
  narrow: number,
): Statistics | undefined {
  const nested = attributes.readNested(parent, wide) ?? attributes.readNested(parent, narrow);
  if (nested === undefined) return undefined;
  const counter = (type: number) => attributes.readCounter(nested, type) ?? 0n;
  return {
    connections: counter(ipvs.IPVS_STATS_ATTR_CONNS),
    inPackets: counter(ipvs.IPVS_STATS_ATTR_INPKTS),
    outPackets: counter(ipvs.IPVS_STATS_ATTR_OUTPKTS),
    inBytes: counter(ipvs.IPVS_STATS_ATTR_INBYTES),
    outBytes: counter(ipvs.IPVS_STATS_ATTR_OUTBYTES),
  };
}

function nestedIn(bytes: Uint8Array, type: number): attributes.Attributes | undefined {
  const all = attributes.decodeAttributes(bytes);
  return all && attributes.readNested(all, type);
}

function familyNumber(family: AddressFamily): number {
  return family === 4 ? ipvs.AF_INET : ipvs.AF_INET6;
}

function familyFromNumber(value: number | undefined): AddressFamily | undefined {
  if (value === ipvs.AF_INET) return 4;
  return value === ipvs.AF_INET6 ? 6 : undefined;
}

function protocolFromNumber(value: number | undefined): Protocol | undefined {
  return keyWithValue(ipvs.protocolNumbers, value);
}

function keyWithValue<Key extends string>(
  table: Readonly<Record<Key, number>>,
  value: number | undefined,
): Key | undefined {
  return (Object.keys(table) as Key[]).find((key) => table[key] === value);
}
