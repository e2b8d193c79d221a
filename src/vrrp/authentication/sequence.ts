/**
 * Sequence numbers of signed advertisements, and what is remembered of their senders so that a recorded advertisement cannot
 * be played again. What is remembered changes only once a digest has been verified.
 */
import type { IpAddress } from '../../net/address.ts';

/**
 * 64 bits. auth_hmac: `high` is seconds since 1970, `low` the fraction of a second and a counter. IP Authentication Header:
 * `high` is 0 and `low` the sequence number.
 */
export interface Sequence {
  readonly high: number;
  readonly low: number;
}

/** The last advertisement accepted from one sender under one key. */
export interface SenderMark {
  readonly source: IpAddress;
  /** 0 for the IP Authentication Header, which has one key. */
  readonly keyId: number;
  readonly sequence: Sequence;
  /** The clock of the sender was ahead once and has been put right: what it signed then, up to here, is not heard again. */
  readonly ahead?: Sequence;
}

/** What our own clock says, when it is asked: a time further away than `windowSeconds` is not the sender's present. */
export interface Present {
  readonly unixSeconds: number;
  readonly windowSeconds: number;
}

/** More routers than anybody gives one VRID. */
const mostSenders = 8;

/** RFC 1982: `a` is later than `b`, also where the number has wrapped in between. */
export function isAfter(a: Sequence, b: Sequence): boolean {
  const seconds = (a.high - b.high) | 0;
  return seconds === 0 ? a.low > b.low : seconds > 0;
}

/** Seconds by which `sequence` lies after the present; negative: before. */
export function secondsAhead(sequence: Sequence, present: Present): number {
  return (sequence.high - Math.floor(present.unixSeconds)) | 0;
}

/**
 * The marks after an advertisement with `sequence` from that sender; undefined: it has been heard already.
 *
 * A number must be later than the last one. A sender that restarts counts on from its clock, so it is later by itself. Only
 * when the clock itself went back would it be shut out until it has caught up, which can be years where it was wrong by years:
 * a mark that lies ahead of our present therefore gives way to what is of our present, and what was signed ahead of it
 * stays refused.
 */
export function marksAfter(
  marks: readonly SenderMark[],
  heard: { readonly source: IpAddress; readonly keyId: number; readonly sequence: Sequence },
  present?: Present,
): readonly SenderMark[] | undefined {
  const known = marks.find(({ source, keyId }) => source === heard.source && keyId === heard.keyId);
  if (known === undefined) return [heard, ...marks].slice(0, mostSenders);
  const ahead = refusedAhead(known, heard.sequence, present);
  if (ahead === 'heard') return undefined;
  const others = marks.filter((mark) => mark !== known);
  return [{ ...heard, ...(ahead && { ahead }) }, ...others];
}

/** What stays refused of the sender's wrong future; 'heard' when the number is a repetition. */
function refusedAhead(
  known: SenderMark,
  sequence: Sequence,
  present: Present | undefined,
): Sequence | 'heard' | undefined {
  const isLater = isAfter(sequence, known.sequence);
  if (present === undefined) return isLater ? undefined : 'heard';
  const { windowSeconds } = present;
  const offset = secondsAhead(sequence, present);
  if (isLater) {
    const wasSignedAhead =
      known.ahead !== undefined && offset > windowSeconds && !isAfter(sequence, known.ahead);
    return wasSignedAhead ? 'heard' : known.ahead;
  }
  const isOfThePresent = Math.abs(offset) <= windowSeconds;
  const markIsAhead = secondsAhead(known.sequence, present) > windowSeconds;
  return isOfThePresent && markIsAhead ? later(known.sequence, known.ahead) : 'heard';
}

function later(a: Sequence, b: Sequence | undefined): Sequence {
  return b !== undefined && isAfter(b, a) ? b : a;
}
