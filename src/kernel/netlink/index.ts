/** Netlink in layers: transport (sockets), connection (requests and answers), messages; then what rtnetlink says. */
export { type ConnectionCounters, NetlinkConnection, type NetlinkRequest } from './connection.ts';
export { ConnectionPool } from './connection-pool.ts';
export type { NetlinkMessage } from './message.ts';
export { codeOf, NetlinkError } from './netlink-error.ts';
export { type OpenTransport, requestTransport } from './transport.ts';
