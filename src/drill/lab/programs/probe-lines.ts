/** What the probe is told and what it says: lines of JSON. */
import type { LongConnectionSeen, RequestOutcome, RequestSeen } from '../../observation.ts';

export interface ProbeOptions {
  readonly client: string;
  readonly paceMs: number;
  /** After this a request without an answer has failed. */
  readonly timeoutMs: number;
  readonly services: readonly Asked[];
}

/** A service that is asked for. */
export interface Asked {
  readonly name: string;
  readonly kind: 'http' | 'https' | 'tcp' | 'udp' | 'dns' | 'smtp';
  readonly address: string;
  readonly port: number;
  readonly path?: string;
  /** Of the service's family; at least one. */
  readonly sources: readonly string[];
  readonly keepsConnection: boolean;
}

export type ProbeResult = Pick<RequestSeen, 'server' | 'status' | 'error'>;

export function say(seen: RequestSeen | LongConnectionSeen): void {
  process.stdout.write(`${JSON.stringify(seen)}\n`);
}

const outcomes: Readonly<Record<string, RequestOutcome>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
};

export function outcomeOf(error: Error): RequestOutcome {
  const code = 'code' in error ? String(error.code) : '';
  return outcomes[code] ?? 'error';
}
