/**
 * Numbers of the kernel's generic netlink family IPVS, as in linux/ip_vs.h (and IPPROTO_* of netinet/in.h, AF_* of
 * sys/socket.h). Nothing here is ours to change.
 */

export const IPVS_GENL_NAME = 'IPVS';
export const IPVS_GENL_VERSION = 1;

export const ipvsCommands = {
  IPVS_CMD_NEW_SERVICE: 1,
  IPVS_CMD_SET_SERVICE: 2,
  IPVS_CMD_DEL_SERVICE: 3,
  IPVS_CMD_GET_SERVICE: 4,
  IPVS_CMD_NEW_DEST: 5,
  IPVS_CMD_SET_DEST: 6,
  IPVS_CMD_DEL_DEST: 7,
  IPVS_CMD_GET_DEST: 8,
  IPVS_CMD_NEW_DAEMON: 9,
  IPVS_CMD_DEL_DAEMON: 10,
  IPVS_CMD_GET_DAEMON: 11,
  IPVS_CMD_SET_CONFIG: 12,
  IPVS_CMD_GET_CONFIG: 13,
  IPVS_CMD_SET_INFO: 14,
  IPVS_CMD_GET_INFO: 15,
  IPVS_CMD_FLUSH: 17,
} as const;
export type IpvsCommand = keyof typeof ipvsCommands;

export const IPVS_CMD_ATTR_SERVICE = 1;
export const IPVS_CMD_ATTR_DEST = 2;
export const IPVS_CMD_ATTR_DAEMON = 3;
export const IPVS_CMD_ATTR_TIMEOUT_TCP = 4;
export const IPVS_CMD_ATTR_TIMEOUT_TCP_FIN = 5;
export const IPVS_CMD_ATTR_TIMEOUT_UDP = 6;

export const IPVS_SVC_ATTR_AF = 1;
export const IPVS_SVC_ATTR_PROTOCOL = 2;
export const IPVS_SVC_ATTR_ADDR = 3;
export const IPVS_SVC_ATTR_PORT = 4;
export const IPVS_SVC_ATTR_FWMARK = 5;
export const IPVS_SVC_ATTR_SCHED_NAME = 6;
export const IPVS_SVC_ATTR_FLAGS = 7;
export const IPVS_SVC_ATTR_TIMEOUT = 8;
export const IPVS_SVC_ATTR_NETMASK = 9;
export const IPVS_SVC_ATTR_STATS = 10;
export const IPVS_SVC_ATTR_PE_NAME = 11;
export const IPVS_SVC_ATTR_STATS64 = 12;

export const IPVS_DEST_ATTR_ADDR = 1;
export const IPVS_DEST_ATTR_PORT = 2;
export const IPVS_DEST_ATTR_FWD_METHOD = 3;
export const IPVS_DEST_ATTR_WEIGHT = 4;
export const IPVS_DEST_ATTR_U_THRESH = 5;
export const IPVS_DEST_ATTR_L_THRESH = 6;
export const IPVS_DEST_ATTR_ACTIVE_CONNS = 7;
export const IPVS_DEST_ATTR_INACT_CONNS = 8;
export const IPVS_DEST_ATTR_PERSIST_CONNS = 9;
export const IPVS_DEST_ATTR_STATS = 10;
export const IPVS_DEST_ATTR_ADDR_FAMILY = 11;
export const IPVS_DEST_ATTR_STATS64 = 12;
export const IPVS_DEST_ATTR_TUN_TYPE = 13;
export const IPVS_DEST_ATTR_TUN_PORT = 14;
export const IPVS_DEST_ATTR_TUN_FLAGS = 15;

export const IPVS_DAEMON_ATTR_STATE = 1;
export const IPVS_DAEMON_ATTR_MCAST_IFN = 2;
export const IPVS_DAEMON_ATTR_SYNC_ID = 3;
export const IPVS_DAEMON_ATTR_SYNC_MAXLEN = 4;
export const IPVS_DAEMON_ATTR_MCAST_GROUP = 5;
export const IPVS_DAEMON_ATTR_MCAST_GROUP6 = 6;
export const IPVS_DAEMON_ATTR_MCAST_PORT = 7;
export const IPVS_DAEMON_ATTR_MCAST_TTL = 8;

export const IPVS_STATS_ATTR_CONNS = 1;
export const IPVS_STATS_ATTR_INPKTS = 2;
export const IPVS_STATS_ATTR_OUTPKTS = 3;
export const IPVS_STATS_ATTR_INBYTES = 4;
export const IPVS_STATS_ATTR_OUTBYTES = 5;

export const IPVS_INFO_ATTR_VERSION = 1;
export const IPVS_INFO_ATTR_CONN_TAB_SIZE = 2;

export const IP_VS_SVC_F_PERSISTENT = 0x1;
/** Set by the kernel itself while a service is in its table. */
export const IP_VS_SVC_F_HASHED = 0x2;
export const IP_VS_SVC_F_ONEPACKET = 0x4;
/** What the flags 1 to 3 of a scheduler mean is its own affair: sh-fallback is 1 and sh-port 2. */
export const IP_VS_SVC_F_SCHED = { 1: 0x8, 2: 0x10, 3: 0x20 } as const;

/** The low three bits of a destination's connection flags. */
export const IP_VS_CONN_F_FWD_MASK = 0x7;
export const forwardingMethods = { NAT: 0, LOCALNODE: 1, TUN: 2, DR: 3, BYPASS: 4 } as const;

export const protocolNumbers = { TCP: 6, UDP: 17, SCTP: 132 } as const;

export const AF_INET = 2;
export const AF_INET6 = 10;

/** IP_VS_CONN_F_TUNNEL_TYPE_* */
export const tunnelTypes = { ipip: 0, gue: 1, gre: 2 } as const;
/** IP_VS_TUNNEL_ENCAP_FLAG_* */
export const tunnelChecksums = { nocsum: 0, csum: 1, remcsum: 2 } as const;

/** IP_VS_STATE_* */
export const daemonStates = { master: 1, backup: 2 } as const;
