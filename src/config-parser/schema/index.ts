/** The keyword tables and what reads them. */

export type { Account, Fifo } from './account.ts';
export { addressEntry, staticAddressEntry } from './address-entry.ts';
export { type AddressEntry, prefixLengthOf } from './address-options.ts';
export type { Argument, ArgumentResult, Command, Endpoint, Problem, Samples } from './arguments.ts';
export { endpoint, integer, interfaceName, ipAddress } from './arguments.ts';
export type { HexPattern } from './arguments-hex.ts';
export type { HmacKey } from './arguments-hmac.ts';
export type { RegexOption, RegexStack, StatusRange } from './arguments-http.ts';
export type { Granularity } from './arguments-service.ts';
export type { IpvlanOptions, VmacOptions } from './arguments-virtual-mac.ts';
export { authentication } from './authentication.ts';
export { globalDefs } from './global-defs.ts';
export { httpUrl } from './http-get.ts';
export { type ManPageOnlyWord, manPageOnly } from './man-page-only.ts';
export { realServer } from './real-server.ts';
export { root } from './root.ts';
export {
  type Alias,
  type BlockSchema,
  type Contents,
  type Deprecation,
  type FoundKeyword,
  findKeyword,
  isList,
  type Keyword,
  type LineOf,
  type ListSchema,
  spellings,
  type Table,
  type TableOf,
  type ValueOf,
} from './schema.ts';
export type { ServiceTarget } from './service-target.ts';
export { syncGroup } from './sync-group.ts';
export { tcpCheck } from './tcp-check.ts';
export type { TrackEntry } from './track-entries.ts';
export type { UnicastPeer } from './unicast-entry.ts';
export { virtualServer } from './virtual-server.ts';
export type { GroupEntry } from './virtual-server-group.ts';
export type { ExtraGarp } from './vrrp-arguments.ts';
export { vrrpInstance } from './vrrp-instance.ts';
export type { Weight } from './weight.ts';
