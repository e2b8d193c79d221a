/**
 * The generation of nftables: a number that the kernel raises with every change to any table of this network namespace. Asking
 * costs one small netlink message, where listing our table costs a process.
 */
import { decodeAttributes, readU32Network } from '../ipvs-sync/attributes.ts';
import { NetlinkConnection, NetlinkError, type NetlinkRequest } from './netlink/index.ts';
import { monitorTransport } from './netlink/monitor-transport.ts';

const NETLINK_NETFILTER = 12;
const NFNL_SUBSYS_NFTABLES = 10;
const NFT_MSG_NEWGEN = 15;
const NFT_MSG_GETGEN = 16;
const NFTA_GEN_ID = 1;
/** struct nfgenmsg: family, version, resource id. */
const nfgenmsgBytes = 4;

const request: NetlinkRequest = {
  type: (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETGEN,
  flags: 0,
  body: new Uint8Array(nfgenmsgBytes),
  operation: 'NFT_MSG_GETGEN',
};

export interface NftGeneration {
  /** Undefined where the kernel does not say: it has no nftables, or this process may not ask. Never rejects. */
  read(): Promise<number | undefined>;
  close(): void;
}

/** Opens its socket when it is first asked. */
export function openNftGeneration(): NftGeneration {
  const connection = new NetlinkConnection(monitorTransport(NETLINK_NETFILTER, 0));
  return {
    read: async () => {
      try {
        const answers = await connection.query(request);
        const answer = answers.find(({ type }) => (type & 0xff) === NFT_MSG_NEWGEN);
        const attributes = answer && decodeAttributes(answer.data.subarray(nfgenmsgBytes));
        return attributes && readU32Network(attributes, NFTA_GEN_ID);
      } catch (error) {
        if (error instanceof NetlinkError) return undefined;
        throw error;
      }
    },
    close: () => connection.close(),
  };
}
