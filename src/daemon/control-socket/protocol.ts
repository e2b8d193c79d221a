/**
 * What is said over the control socket: one line of JSON for each request, one for each answer, in order. A request is checked
 * here before anybody acts on it. The words themselves are those between the processes, `../ipc.ts`.
 */
import type { ChildRole, CommandAnswer, InstanceCommand, VrrpStatus } from '../ipc.ts';

export const defaultControlSocket = '/run/holdfast/control.sock';

export type ControlRequest = InstanceCommand | { readonly kind: 'reload' };

/** `daemon` comes with the answer to `status`, also when the VRRP process could not say anything. */
export type ControlAnswer =
  | { readonly ok: true; readonly lines: readonly string[]; readonly daemon?: DaemonStatus }
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

const mostInstances = 4096;
const longestNameCharacters = 255;
const longestReasonCharacters = 500;
const longestHoldMs = 366 * 24 * 3600 * 1000;

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
    default:
      return wrong('kind', 'status, giveUp, resume or reload');
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

function wrong(member: string, wanted: string): ParsedRequest {
  return { ok: false, error: `"${member}" of the request must be ${wanted}` };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= mostInstances && value.every(isName);
}

function isName(value: unknown): value is string {
  return isLine(value) && value !== '' && value.length <= longestNameCharacters;
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value >= 1 && value <= longestHoldMs;
}

function isReason(value: unknown): value is string {
  return isLine(value) && value.length <= longestReasonCharacters;
}

/** It goes to the log and to terminals: nothing that would move a cursor or begin a line of its own. */
function isLine(value: unknown): value is string {
  return typeof value === 'string' && !/[\p{Cc}\u2028\u2029]/u.test(value);
}
