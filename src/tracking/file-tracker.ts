/**
 * When a track file is read and what is made of it. keepalived.conf(5): track_file. Reading itself is done elsewhere: this says
 * when, and is told what was found.
 */
import { parseFileValue } from './file-value.ts';

/** Absolute times are on the clock of `nowMs`. */
export interface FileState {
  /** Undefined before the first reading. */
  readonly value: number | undefined;
  readonly readAtMs: number;
  /** It was found without a number: one that it still has not then counts as 0. */
  readonly doubtUntilMs: number | undefined;
  /** What was last said to be wrong with it. */
  readonly said: FileProblem | undefined;
}

export type FileProblem =
  | { readonly kind: 'garbage'; readonly text: string }
  | { readonly kind: 'outOfRange'; readonly text: string }
  | { readonly kind: 'unread'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly text: string };

export type FileContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly error: string };

export type FileEvent =
  /** Something has happened to it, or in its folder. */
  | { readonly kind: 'noticed' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'read'; readonly content: FileContent };

export type FileEffect =
  | { readonly kind: 'read' }
  | { readonly kind: 'reading'; readonly value: number }
  | {
      readonly kind: 'report';
      readonly report:
        | { readonly kind: 'value'; readonly value: number }
        | { readonly kind: 'problem'; readonly problem: FileProblem; readonly value: number };
    };

export interface FileStep {
  readonly next: FileState;
  readonly effects: readonly FileEffect[];
}

/** Who writes a file in place empties it first: it is read when both are likely over. */
export const settleMs = 5;
/** A file that held a number and holds none, or is gone, may be between two versions of itself. */
export const doubtMs = 100;
/** Changes that nobody tells of: a folder that was not there, a link to elsewhere, a file server. */
export const pollMs = 1000;

export function initialFile(nowMs: number): FileState {
  return { value: undefined, readAtMs: nowMs, doubtUntilMs: undefined, said: undefined };
}

export function stepFile(state: FileState, event: FileEvent, nowMs: number): FileStep {
  switch (event.kind) {
    case 'noticed':
      return { next: { ...state, readAtMs: Math.min(state.readAtMs, nowMs + settleMs) }, effects: [] };
    case 'timeout':
      if (nowMs < state.readAtMs) return { next: state, effects: [] };
      return { next: { ...state, readAtMs: nowMs + pollMs }, effects: [{ kind: 'read' }] };
    case 'read':
      return noteContent(state, event.content, nowMs);
  }
}

function noteContent(state: FileState, content: FileContent, nowMs: number): FileStep {
  const { value, problem, isMissing } = meaningOf(content, state.value ?? 0);
  const holdsNumber = state.value !== undefined && state.value !== 0;
  if (isMissing && holdsNumber) {
    const doubtUntilMs = state.doubtUntilMs ?? nowMs + doubtMs;
    const readAtMs = Math.min(state.readAtMs, doubtUntilMs);
    if (nowMs < doubtUntilMs) return { next: { ...state, doubtUntilMs, readAtMs }, effects: [] };
  }
  const effects: FileEffect[] = [];
  if (problem !== undefined && !isSame(problem, state.said)) {
    effects.push({ kind: 'report', report: { kind: 'problem', problem, value } });
  }
  if (value !== state.value) {
    if (state.value !== undefined) effects.push({ kind: 'report', report: { kind: 'value', value } });
    effects.push({ kind: 'reading', value });
  }
  return { next: { ...state, value, doubtUntilMs: undefined, said: problem }, effects };
}

interface Meaning {
  readonly value: number;
  readonly problem?: FileProblem;
  readonly isMissing?: true;
}

function meaningOf(content: FileContent, before: number): Meaning {
  if (content.kind === 'missing') return { value: 0, isMissing: true };
  if (content.kind === 'unreadable')
    return { value: 0, problem: { kind: 'unreadable', text: content.error } };
  const parsed = parseFileValue(content.text);
  switch (parsed.kind) {
    case 'empty':
      return { value: 0, isMissing: true };
    case 'garbage':
      return { value: 0, problem: parsed };
    case 'outOfRange':
      // As keepalived: what is no number of its kind changes nothing.
      return { value: before, problem: parsed };
    case 'number':
      if (parsed.unread === undefined) return { value: parsed.value };
      return { value: parsed.value, problem: { kind: 'unread', text: parsed.unread } };
  }
}

function isSame(a: FileProblem, b: FileProblem | undefined): boolean {
  return a.kind === b?.kind && a.text === b.text;
}
