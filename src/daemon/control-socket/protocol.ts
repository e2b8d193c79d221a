/**
 * What is said over the control socket: one line of JSON for each request, one for each answer, in order. A request is checked
 * here before anybody acts on it. The words themselves are those between the processes, `../ipc.ts`.
 */
import type { Plan } from '../../plan/index.ts';
import type {
  CheckerCommand,
  CheckerStatus,
  ChildRole,
  CommandAnswer,
  InstanceCommand,
  VrrpStatus,
} from '../ipc.ts';
import {
  isDuration,
  isLine,
  isName,
  isNames,
  isReason,
  longestHoldMs,
  longestReasonCharacters,
  mostInstances,
} from './request-values.ts';

export const defaultControlSocket = '/run/holdfast/control.sock';

/** What operators ask of servers; the rest of CheckerCommand is said between processes only. */
export type ServerCommand = Extract<CheckerCommand, { kind: 'drainServer' | 'resumeServer' }>;

export type ControlRequest =
  | InstanceCommand
  | ServerCommand
  | { readonly kind: 'reload' }
  /** What a reload would change if the configuration were in `file`, which the daemon reads; absolute. */
  | { readonly kind: 'plan'; readonly file: string };

/** `daemon` comes with the answer to `status`, also when the VRRP process could not say anything. */
export type ControlAnswer =
  | {
      readonly ok: true;
      readonly lines: readonly string[];
      readonly daemon?: DaemonStatus;
      readonly plan?: Plan;
    }
  | Extract<CommandAnswer, { ok: false }>;

export interface DaemonStatus {
  /** When this was true, ISO 8601. */
  readonly at: string;
  readonly version: string;
  readonly pid: number;
  readonly upSeconds: number;
  readonly phase: 'starting' | 'running' | 'stopping';
  readonly configuration: {
    readonly file: string;
    /** What the last reload was refused for; empty while what runs is what the files say. */
    readonly staleBecause: readonly string[];
  };
  readonly children: readonly ChildStatus[];
  /** Undefined where there is no VRRP, or it does not answer: `vrrpSilence` says which. */
  readonly vrrp?: VrrpStatus;
  readonly vrrpSilence?: string;
  /** The same of the checker process. */
  readonly checker?: CheckerStatus;
  readonly checkerSilence?: string;
}

export interface ChildStatus {
  readonly role: ChildRole;
  /** waiting: it died, and its successor is not started at once. */
  readonly phase: 'running' | 'waiting' | 'stopping';
  readonly pid?: number;
  readonly upSeconds?: number;
  readonly restarts: number;
}

export type ParsedRequest =
  | { readonly ok: true; readonly request: ControlRequest }
  | { readonly ok: false; readonly error: string };

/** Of one line, without what ends it. */
export const longestRequestBytes = 65_536;

const longestPathCharacters = 4096;

/** Understands one line of a client's. */
export function parseRequest(line: string): ParsedRequest {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, error: 'the request is not a line of JSON' };
  }
  if (!isRecord(value)) return { ok: false, error: 'the request is not a JSON object' };
  switch (value['kind']) {
    case 'status':
      return { ok: true, request: { kind: 'status' } };
    case 'reload':
      return { ok: true, request: { kind: 'reload' } };
    case 'resume': {
      const { instances } = value;
      if (!isNames(instances)) return wrong('instances', `a list of at most ${mostInstances} names`);
      return { ok: true, request: { kind: 'resume', instances } };
    }
    case 'giveUp':
      return parseGiveUp(value);
    case 'drainServer':
      return parseDrain(value);
    case 'resumeServer':
      return parseServer(value, (server) => ({ kind: 'resumeServer', ...server }));
    case 'plan': {
      const { file } = value;
      if (!isLine(file) || !file.startsWith('/') || file.length > longestPathCharacters) {
        return wrong('file', 'an absolute path');
      }
      return { ok: true, request: { kind: 'plan', file } };
    }
    default:
      return wrong('kind', 'status, giveUp, resume, drainServer, resumeServer, plan or reload');
  }
}

function parseGiveUp(value: Readonly<Record<string, unknown>>): ParsedRequest {
  const { hold, instances, forMs, reason, evenIfAlone } = value;
  if (hold !== 'failover' && hold !== 'drain') return wrong('hold', 'failover or drain');
  if (!isNames(instances)) return wrong('instances', `a list of at most ${mostInstances} names`);
  if (typeof evenIfAlone !== 'boolean') return wrong('evenIfAlone', 'true or false');
  if (forMs !== undefined && !isDuration(forMs)) return wrong('forMs', `milliseconds, 1 to ${longestHoldMs}`);
  if (reason !== undefined && !isReason(reason)) {
    return wrong('reason', `one line of at most ${longestReasonCharacters} characters`);
  }
  const command = { kind: 'giveUp', hold, instances, evenIfAlone } as const;
  const limits = { ...(forMs === undefined ? {} : { forMs }), ...(reason === undefined ? {} : { reason }) };
  return { ok: true, request: { ...command, ...limits } };
}

function parseDrain(value: Readonly<Record<string, unknown>>): ParsedRequest {
  const { forMs, reason, evenIfLast } = value;
  if (typeof evenIfLast !== 'boolean') return wrong('evenIfLast', 'true or false');
  if (forMs !== undefined && !isDuration(forMs)) return wrong('forMs', `milliseconds, 1 to ${longestHoldMs}`);
  if (reason !== undefined && !isReason(reason)) {
    return wrong('reason', `one line of at most ${longestReasonCharacters} characters`);
  }
  const limits = { ...(forMs === undefined ? {} : { forMs }), ...(reason === undefined ? {} : { reason }) };
  return parseServer(value, (server) => ({ kind: 'drainServer', ...server, ...limits, evenIfLast }));
}

interface NamedServer {
  readonly virtualServer?: string;
  readonly realServer?: string;
}

/** Everything at once is never meant. */
function parseServer(
  { virtualServer, realServer }: Readonly<Record<string, unknown>>,
  requestOf: (server: NamedServer) => ControlRequest,
): ParsedRequest {
  if (virtualServer !== undefined && !isName(virtualServer)) return wrong('virtualServer', 'a name');
  if (realServer !== undefined && !isName(realServer)) return wrong('realServer', 'an address');
  if (virtualServer === undefined && realServer === undefined) {
    return wrong('realServer', 'given where virtualServer is not');
  }
  const server = {
    ...(virtualServer !== undefined && { virtualServer }),
    ...(realServer !== undefined && { realServer }),
  };
  return { ok: true, request: requestOf(server) };
}

function wrong(member: string, wanted: string): ParsedRequest {
  return { ok: false, error: `"${member}" of the request must be ${wanted}` };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
