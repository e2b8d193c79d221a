/** What a probe is and what comes of it. How it is done is in `probes/`, which alone may touch sockets. */

export type FailureReason = 'refused' | 'timeout' | 'unreachable' | 'reset' | 'other';

export type ProbeOutcome =
  | { readonly kind: 'ok'; readonly elapsedMs: number }
  | ProbeFailure
  /** This host could not ask: no descriptor, no local port, bindto not present. Says nothing about the server. */
  | { readonly kind: 'inconclusive'; readonly detail: string; readonly elapsedMs: number };

export interface ProbeFailure {
  readonly kind: 'failed';
  readonly reason: FailureReason;
  /** A sentence for the log. */
  readonly detail: string;
  readonly elapsedMs: number;
}

/** Asks once. Never throws for anything that a network or a server does; an abort ends it early with any outcome. */
export type Probe = (signal: AbortSignal) => Promise<ProbeOutcome>;
