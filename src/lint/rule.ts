/**
 * What a rule is. One rule, one file, one object: its name and level, what it is about in words, two examples that are
 * both documentation and test, and a function that looks at a model and reports. Rules read no files and know no clock.
 */
import type { Diagnostic, Note, Span } from '../config-parser/index.ts';
import type { Fix, Level } from './finding.ts';
import type { Host } from './host.ts';
import type { FileModel } from './model/index.ts';
import type { Suppression } from './suppression-comment.ts';

/** What keepalived itself makes of it: the profile `compat` has only what keepalived reports. */
export type Keepalived =
  /** It does not start. */
  | 'fatal'
  /** `keepalived -t` says something and does not exit 0. */
  | 'reports'
  /** It says so in its log when it runs, and `keepalived -t` is silent. */
  | 'logs'
  | 'silent';

/** A text, or several by file name; the first is the main file. Of a pair rule: one file for each node, then includes. */
export type Example = string | Readonly<Record<string, string>>;

export interface RuleFacts {
  /** `vrrp/vip-default-prefix`; the part before the slash is the group. */
  readonly name: string;
  readonly level: Level;
  /** For lists: one line, no full stop. */
  readonly summary: string;
  /** What happens to the operator, why, and what to do: some sentences of Markdown. */
  readonly details: string;
  readonly keepalived: Keepalived;
  /** Only in the profile `strict`: matters of taste, or too noisy for every day. */
  readonly isStrictOnly?: boolean;
  /** This rule reports something here. */
  readonly bad: Example;
  /** And nothing here. */
  readonly good: Example;
  /** Both examples are looked at with these facts of the machine; a part is enough, the rest is an ordinary host. */
  readonly exampleHost?: Partial<Host>;
}

export interface FileRule extends RuleFacts {
  readonly kind: 'file';
  readonly check: (file: FileModel, report: Report) => void;
}

/** Looks at the files of two or more directors that stand in for each other. */
export interface PairRule extends RuleFacts {
  readonly kind: 'pair';
  readonly check: (nodes: readonly FileModel[], report: Report) => void;
}

/** Looks at a file together with the machine that it is for; only with --host. */
export interface HostRule extends RuleFacts {
  readonly kind: 'host';
  readonly check: (file: FileModel, host: Host, report: Report) => void;
}

/**
 * What the parser finds anyway, under the rule's name. The first rule of the list whose `claims` is true gets a diagnostic,
 * so that what is general stands last.
 */
export interface DiagnosticRule extends RuleFacts {
  readonly kind: 'diagnostic';
  readonly claims: (diagnostic: Diagnostic, file: FileModel) => boolean;
  /** Of one diagnostic; the rule's level where it is not given. */
  readonly levelOf?: (diagnostic: Diagnostic) => Level;
  /** Says it better than the parser can, or adds an edit. */
  readonly improve?: (diagnostic: Diagnostic, file: FileModel) => Partial<Reported>;
}

/** Looks at a comment that suppresses findings, after everything else has been found. */
export interface SuppressionRule extends RuleFacts {
  readonly kind: 'suppression';
  readonly check: (suppression: Suppression, report: Report) => void;
}

export type Rule = FileRule | PairRule | HostRule | DiagnosticRule | SuppressionRule;

export interface Reported {
  /** The place to edit. Of two that contradict each other the second, with a note at the first. */
  readonly at: Span | undefined;
  readonly message: string;
  readonly help?: string | undefined;
  readonly notes?: readonly Note[];
  readonly fix?: Fix | undefined;
  /** Where it differs from the rule's. */
  readonly level?: Level;
}

export type Report = (reported: Reported) => void;

export function fileRule(rule: Omit<FileRule, 'kind'>): FileRule {
  return { kind: 'file', ...rule };
}

export function pairRule(rule: Omit<PairRule, 'kind'>): PairRule {
  return { kind: 'pair', ...rule };
}

export function hostRule(rule: Omit<HostRule, 'kind'>): HostRule {
  return { kind: 'host', ...rule };
}

export function diagnosticRule(rule: Omit<DiagnosticRule, 'kind'>): DiagnosticRule {
  return { kind: 'diagnostic', ...rule };
}

export function suppressionRule(rule: Omit<SuppressionRule, 'kind'>): SuppressionRule {
  return { kind: 'suppression', ...rule };
}
