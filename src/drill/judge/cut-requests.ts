/**
 * Requests that were under way when an address moved. Whoever takes over knows nothing of a connection that the other director
 * accepted, and its kernel answers the client's next packet with RST: no hand-over can help that, only lvs_sync_daemon (and only
 * connections that live long enough to be told of). It cannot be mistaken for a service that refuses: a connection that was never
 * accepted ends with `refused`. Pure.
 */
import type { RequestSeen } from '../observation.ts';
import type { TakeoverReport } from '../report/report.ts';

/** Between the first packet to the new Master and its first advertisement, and between the two clocks that date them. */
const movingMs = 50;

export function isCutByMove(request: RequestSeen, takeovers: readonly TakeoverReport[]): boolean {
  const wasUnderWay = ({ firstOfNewAtMs }: TakeoverReport): boolean =>
    request.atMs <= firstOfNewAtMs + movingMs && request.endedAtMs >= firstOfNewAtMs - movingMs;
  return request.outcome === 'reset' && takeovers.some(wasUnderWay);
}

/** `; 1 more was under way when the address moved, and reset`, or nothing. */
export function tellCut(requests: number): string {
  if (requests === 0) return '';
  const were = requests === 1 ? 'was' : 'were';
  return `; ${requests} more ${were} under way when the address moved, and reset`;
}
