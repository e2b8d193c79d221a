/** What the linter tells: a rule's name, a place and a sentence, and where possible an edit that mends it. */
import type { Note, Span } from '../config-parser/index.ts';

export type Level = 'error' | 'warn' | 'info';

/** From worst to mildest. */
export const levels: readonly Level[] = ['error', 'warn', 'info'];

export interface Finding {
  /** Name of the rule: `vrrp/vip-default-prefix`. */
  readonly rule: string;
  readonly level: Level;
  /** One sentence: what was found, and what will happen to the operator. No line break, no trailing full stop. */
  readonly message: string;
  /** Undefined only for what concerns no text at all. */
  readonly span?: Span;
  /** What to write instead, where that is known: an instruction. */
  readonly help?: string;
  readonly notes?: readonly Note[];
  readonly fix?: Fix;
}

export interface Fix {
  /** An instruction, as in a menu: `write "retry"`. */
  readonly title: string;
  /** The file means the same afterwards, or what its author plainly meant. Others need --unsafe-fixes. */
  readonly isSafe: boolean;
  readonly edits: readonly Edit[];
}

export interface Edit {
  /** What is replaced; nothing, for an insertion, where start is end. */
  readonly span: Span;
  readonly text: string;
}
