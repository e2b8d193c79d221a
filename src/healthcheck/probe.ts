/** What a probe is and what comes of it. How it is done is in `probes/`, which alone may touch sockets. */

export type FailureReason = 'refused' | 'timeout' | 'unreachable' | 'reset' | 'other';

export type ProbeOutcome =
  | ProbeSuccess
  | ProbeFailure
  /** This host could not ask: no descriptor, no local port, bindto not present. Says nothing about the server. */
  | { readonly kind: 'inconclusive'; readonly detail: string; readonly elapsedMs: number };

export interface ProbeSuccess {
  readonly kind: 'ok';
  readonly elapsedMs: number;
  /** Undefined where the check says nothing of the server's weight. */
  readonly weight?: DynamicWeight;
  readonly phases?: readonly ProbePhase[];
}

export interface ProbeFailure {
  readonly kind: 'failed';
  readonly reason: FailureReason;
  /** A sentence for the log. */
  readonly detail: string;
  readonly elapsedMs: number;
  readonly phases?: readonly ProbePhase[];
}

/** What a check makes of its server's weight: MISC_CHECK sets it, FILE_CHECK adds to it. */
export type DynamicWeight = { readonly set: number } | { readonly added: number };

/** One step of a probe, in the order in which they came: how long it took, also the one that failed. */
export interface ProbePhase {
  readonly name: 'connect' | 'tls' | 'request' | 'greeting' | 'firstByte' | 'body' | 'reply' | 'run' | 'quit';
  readonly ms: number;
}

/**
 * Asks once, as a whole: a checker with several urls asks for each. Never throws for anything that a network or a server does;
 * an abort ends it early with any outcome.
 */
export type Probe = (signal: AbortSignal) => Promise<ProbeOutcome>;
