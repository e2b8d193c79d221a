/** keepalived.conf(5): auth_hmac. Whether a received trailer is right, fresh and new. */
import type { AuthHmacConfig } from '../../config-parser/config.ts';
import { type Decoded, decoded, rejected } from '../../net/decoded.ts';
import { equalBytes } from './equal-bytes.ts';
import {
  decodeTrailer,
  type HmacTrailer,
  type TrailerContext,
  trailerDigest,
  trailerTypeHmacSha256,
} from './hmac-trailer.ts';
import { keyedHashOf } from './keyed-hash.ts';
import { marksAfter, type Present, type SenderMark, secondsAhead } from './sequence.ts';

export type TrailerCounter =
  | 'authExtMissing'
  | 'authExtMalformed'
  | 'authExtUnknownKey'
  | 'authExtInvalidHmac'
  | 'authExtStale'
  | 'authExtReplay';

/**
 * The marks to remember from here on, or why the trailer is not accepted. `packet` is the message and the trailer, which is
 * empty where there is none; `unixTimeMs` is when the packet was received.
 */
export function checkTrailer(
  config: AuthHmacConfig,
  received: {
    readonly context: TrailerContext;
    readonly packet: Uint8Array;
    readonly trailer: Uint8Array;
    readonly unixTimeMs: number | undefined;
  },
  marks: readonly SenderMark[],
): Decoded<readonly SenderMark[], TrailerCounter> {
  if (received.trailer.length === 0) {
    return rejected('authExtMissing', 'the advertisement is not signed: it has no trailer of auth_hmac');
  }
  const trailer = decodeTrailer(received.trailer);
  if (trailer.type !== trailerTypeHmacSha256 || trailer.reserved !== 0) {
    return rejected(
      'authExtMalformed',
      `the trailer is of type ${trailer.type} and must be of type ${trailerTypeHmacSha256}, with nothing in its reserved bytes`,
    );
  }
  const { unixTimeMs, context, packet } = received;
  const present = unixTimeMs === undefined ? undefined : presentOf(config, unixTimeMs);
  // Before the digest, which costs more than all else, so that recordings cannot keep us busy. Nothing is believed by it.
  const staleness = config.antiReplay === 'time' ? stalenessOf(trailer, present) : undefined;
  if (staleness !== undefined) return rejected('authExtStale', staleness);
  const key = keyedHashOf(config, trailer.keyId);
  if (key === undefined)
    return rejected('authExtUnknownKey', `there is no key ${trailer.keyId} of auth_hmac here`);
  if (!equalBytes(trailerDigest(key, context, packet), trailer.digest)) {
    return rejected(
      'authExtInvalidHmac',
      `the HMAC is wrong: key ${trailer.keyId} is another one there, or the packet was changed`,
    );
  }
  const { keyId, sequence } = trailer;
  const next = marksAfter(marks, { source: context.source, keyId, sequence }, present);
  if (next !== undefined) return decoded(next);
  return rejected(
    'authExtReplay',
    'an advertisement as late as this one was heard before: this is a recording, or its sender has set its clock back',
  );
}

function presentOf(config: AuthHmacConfig, unixTimeMs: number): Present {
  return { unixSeconds: unixTimeMs / 1000, windowSeconds: config.timeWindowMs / 1000 };
}

function stalenessOf(trailer: HmacTrailer, present: Present | undefined): string | undefined {
  if (present === undefined) return 'the time is not known here, so nothing can be said to be fresh';
  const ahead = secondsAhead(trailer.sequence, present);
  if (Math.abs(ahead) <= present.windowSeconds) return undefined;
  const direction = ahead > 0 ? 'ahead of' : 'behind';
  return `the sender's clock is ${Math.abs(ahead)} s ${direction} ours, and time_window allows ${present.windowSeconds} s`;
}
