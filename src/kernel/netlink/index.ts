/** Netlink in layers: transport (sockets), connection (requests and answers), messages; then what rtnetlink says. */
export { type ConnectionCounters, NetlinkConnection, type NetlinkRequest } from './connection.ts';
export { ConnectionPool } from './connection-pool.ts';
export type { NetlinkMessage } from './message.ts';
export { requestTransport } from './monitor-transport.ts';
export { codeOf, NetlinkError } from './netlink-error.ts';
export type { OpenTransport } from './transport.ts';
