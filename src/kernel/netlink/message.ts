/**
 * Netlink messages: the header and the two messages every family has, NLMSG_ERROR and NLMSG_DONE (linux/netlink.h).
 * Framing is the `netlink` package's; it is imported file by file, since the whole package would cost each process
 * 10 MB for families that we do not speak.
 */
import { formatMessage, parseMessages } from 'netlink/dist/structs.js';
import {
  align,
  concatenate,
  decodeAttributes,
  littleEndian,
  readText,
  viewOf,
} from '../../ipvs-sync/attributes.ts';
import { NLM_F_ACK_TLVS, NLM_F_CAPPED, NLMSG_DONE, NLMSG_ERROR, NLMSGERR_ATTR_MSG } from './constants.ts';

export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  /** Sequence number of the request that this answers, or that caused it. */
  readonly seq: number;
  /** Whose request that was. */
  readonly port: number;
  readonly data: Uint8Array;
}

/** What an NLMSG_ERROR or the end of a dump says; errno 0 is success. */
export interface Acknowledgement {
  readonly errno: number;
  readonly kernelText: string | undefined;
}

const headerBytes = 16;

/** One datagram of several messages, each padded. */
export function encodeMessages(messages: readonly NetlinkMessage[]): Uint8Array {
  return concatenate(
    messages.flatMap((message) => [
      ...formatMessage({ ...message, data: Buffer.from(message.data) }),
      new Uint8Array(align(message.data.length) - message.data.length),
    ]),
  );
}

/** The messages of one datagram; undefined when it is malformed. */
export function decodeMessages(datagram: Uint8Array): readonly NetlinkMessage[] | undefined {
  try {
    return parseMessages(Buffer.from(datagram.buffer, datagram.byteOffset, datagram.length));
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** What `message` says about the end of its request; undefined when it is not an end. */
export function decodeAcknowledgement(message: NetlinkMessage): Acknowledgement | undefined {
  if (message.type !== NLMSG_ERROR && message.type !== NLMSG_DONE) return undefined;
  // A dump's end may come without a number: success.
  if (message.data.length < 4) return { errno: 0, kernelText: undefined };
  const errno = -viewOf(message.data).getInt32(0, littleEndian);
  return { errno, kernelText: extendedText(message) };
}

/** struct nlmsgerr: the error, the request's header, the request (unless capped), then attributes. */
function extendedText(message: NetlinkMessage): string | undefined {
  if ((message.flags & NLM_F_ACK_TLVS) === 0) return undefined;
  const attributes = decodeAttributes(message.data.subarray(attributesOffset(message)));
  return attributes && readText(attributes, NLMSGERR_ATTR_MSG);
}

function attributesOffset({ type, flags, data }: NetlinkMessage): number {
  if (type === NLMSG_DONE) return 4;
  const capped = (flags & NLM_F_CAPPED) !== 0 || data.length < 8;
  return 4 + (capped ? headerBytes : align(viewOf(data).getUint32(4, littleEndian)));
}
