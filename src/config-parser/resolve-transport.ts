/** keepalived.conf(5): where advertisements of an instance come from and go to. */
import { type AddressFamily, familyOf, type IpAddress } from '../net/address.ts';
import type { Given } from './block-values.ts';
import type { Transport, UnicastPeerConfig, VrrpInstanceConfig } from './config.ts';
import { type InstanceContext, reportPart } from './resolve-context.ts';
import type { VrrpDefaults } from './resolve-global-defs.ts';
import type { UnicastPeer } from './schema/index.ts';

export type ResolvedTransport = Pick<
  VrrpInstanceConfig,
  | 'transport'
  | 'sourceAddress'
  | 'trackSourceAddress'
  | 'v3ChecksumAsV2'
  | 'oldUnicastChecksum'
  | 'receiveBufferBytes'
>;

export function resolveTransport(
  context: InstanceContext,
  family: AddressFamily,
  defaults: VrrpDefaults,
): ResolvedTransport {
  const { values } = context;
  const sourceAddress = resolveSource(context, family);
  const receiveBufferBytes = values.value('kernel_rx_buf_size');
  return {
    transport: resolveKind(context, family, defaults),
    ...(sourceAddress !== undefined && { sourceAddress }),
    // keepalived clears it without a word where there is nothing to track.
    trackSourceAddress: sourceAddress !== undefined && values.has('track_src_ip'),
    v3ChecksumAsV2: family === 4 && (values.value('v3_checksum_as_v2') ?? defaults.v3ChecksumAsV2),
    oldUnicastChecksum: resolveOldChecksum(context),
    ...(receiveBufferBytes !== undefined && { receiveBufferBytes }),
  };
}

/** keepalived.conf(5): unicast_src_ip and mcast_src_ip, which are one thing: the later line counts. */
export function givenSource({ values }: Pick<InstanceContext, 'values'>): Given<IpAddress> | undefined {
  const unicast = values.last('unicast_src_ip');
  const multicast = values.last('mcast_src_ip');
  if (unicast === undefined || multicast === undefined) return unicast ?? multicast;
  return unicast.order > multicast.order ? unicast : multicast;
}

/** True when the peers are told one by one: there is a good one, or it is a fault that there is none. */
export function isUnicast({ values }: Pick<InstanceContext, 'values'>): boolean {
  if (values.entries('unicast_peer').length > 0) return true;
  return values.has('unicast_fault_no_peer') && unicastKeywordOf(values) !== undefined;
}

/** Of vrrp_instance: those that have a meaning with peers only. */
export const unicastKeywords = [
  'unicast_peer',
  'unicast_src_ip',
  'unicast_ttl',
  'check_unicast_src',
  'old_unicast_checksum',
] as const;

function unicastKeywordOf(values: InstanceContext['values']) {
  const keyword = unicastKeywords.find((name) => values.has(name));
  return keyword && values.last(keyword);
}

function resolveSource(context: InstanceContext, family: AddressFamily): IpAddress | undefined {
  const given = givenSource(context);
  if (given === undefined || familyOf(given.value) === family) return given?.value;
  const message = `${given.keyword} must be an IPv${family} address like the virtual addresses, found "${given.value}"; the line is ignored`;
  reportPart(context, 'error', 'invalid-value', message, given.span);
  return undefined;
}

const usualTtl = 255;

function resolveKind(context: InstanceContext, family: AddressFamily, defaults: VrrpDefaults): Transport {
  const { values } = context;
  const peers = resolvePeers(context, family);
  const keyword = unicastKeywordOf(values);
  if (peers.length === 0 && keyword === undefined) return multicast(context, family, defaults);
  if (peers.length === 0) {
    const isFault = values.has('unicast_fault_no_peer');
    reportNoPeers(context, keyword, isFault);
    if (!isFault) return multicast(context, family, defaults);
  }
  const group = values.last('mcast_dst_ip');
  if (group !== undefined) {
    const message = 'mcast_dst_ip does not go with unicast peers; it is ignored';
    reportPart(context, 'error', 'mcast-dst-with-unicast', message, group.heading);
  }
  return {
    kind: 'unicast',
    peers,
    ttl: values.value('unicast_ttl') ?? usualTtl,
    checkSource: values.has('check_unicast_src') || defaults.checkUnicastSource,
  };
}

function reportNoPeers(context: InstanceContext, keyword: Given | undefined, isFault: boolean): void {
  const lists = context.values.all('unicast_peer');
  // Lines that cannot be read have been reported one by one.
  if (lists.some(({ statement, entries }) => statement.block?.statements.length !== entries.length)) return;
  const outcome = isFault ? 'the instance stays in Fault' : 'advertisements go to the multicast group';
  reportPart(
    context,
    isFault ? 'warning' : 'error',
    'unicast-without-peers',
    `${keyword?.keyword ?? 'unicast_peer'} is given without a good unicast_peer; ${outcome}`,
    keyword?.heading,
    'list the other routers in "unicast_peer { }", or delete the line',
  );
}

function resolvePeers(context: InstanceContext, family: AddressFamily): readonly UnicastPeerConfig[] {
  const peers = new Map<IpAddress, UnicastPeerConfig>();
  for (const { value, heading } of context.values.entries('unicast_peer')) {
    const { address } = value;
    if (familyOf(address) !== family) {
      const message = `a unicast_peer must be an IPv${family} address like the virtual addresses, found "${address}"; it is ignored`;
      reportPart(context, 'error', 'unicast-peer-family', message, heading);
    } else if (peers.has(address)) {
      const message = `${address} is a unicast_peer already; this line is ignored`;
      reportPart(context, 'error', 'unicast-peer-duplicate', message, heading);
    } else peers.set(address, peerOf(value));
  }
  return [...peers.values()];
}

function peerOf({ address, minTtl = 0, maxTtl = 255 }: UnicastPeer): UnicastPeerConfig {
  return { address, minTtl, maxTtl };
}

function multicast(context: InstanceContext, family: AddressFamily, defaults: VrrpDefaults): Transport {
  const given = context.values.value('mcast_dst_ip');
  const usual = family === 4 ? defaults.multicastGroup4 : defaults.multicastGroup6;
  if (given === undefined || familyOf(given) === family) return { kind: 'multicast', group: given ?? usual };
  const message = `mcast_dst_ip must be an IPv${family} multicast address like the virtual addresses, found "${given}"; ${usual} is used`;
  reportPart(context, 'error', 'invalid-value', message, context.values.spanOf('mcast_dst_ip'));
  return { kind: 'multicast', group: usual };
}

function resolveOldChecksum({ values }: InstanceContext): VrrpInstanceConfig['oldUnicastChecksum'] {
  if (!values.has('old_unicast_checksum')) return 'auto';
  return values.value('old_unicast_checksum') === 'never' ? 'never' : 'always';
}
