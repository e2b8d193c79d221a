/**
 * A Master says the same again and again, and what was accepted once need not be examined a second time: the same bytes from the same
 * place, judged by the same configuration, pass the same checks. Not for what is signed, which is another thing each time.
 */
import type { AcceptedPacket } from './authentication/reception-memory.ts';
import type { Datagram } from './messages.ts';
import type { ReceptionConfig } from './reception-checks.ts';

export function isSigned({ authHmac, authentication }: ReceptionConfig): boolean {
  return authHmac !== undefined || authentication.type === 'AH';
}

/** Whether `datagram` differs from the one that `config` has accepted in nothing that is examined. */
export function isRepetition(accepted: AcceptedPacket, config: ReceptionConfig, datagram: Datagram): boolean {
  const before = accepted.datagram;
  return (
    accepted.config === config &&
    before.source === datagram.source &&
    before.destination === datagram.destination &&
    before.hopLimit === datagram.hopLimit &&
    before.claimedPayloadBytes === datagram.claimedPayloadBytes &&
    datagram.authenticationHeader === undefined &&
    areEqual(before.payload, datagram.payload)
  );
}

/** These are no secret: it may stop at the first that differs. */
function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
