/** Texts as the linter sees them, and as they are after its edits. */
import { parseConfig } from '../../src/config-parser/index.ts';
import { applyFixes } from '../../src/lint/apply-fixes.ts';
import { dropDuplicates } from '../../src/lint/duplicates.ts';
import type { Finding } from '../../src/lint/finding.ts';
import { lint } from '../../src/lint/lint.ts';
import { buildFileModel, type FileModel } from '../../src/lint/model/index.ts';
import { allRules } from '../../src/lint/rules/index.ts';

const name = 'keepalived.conf';

export function modelOfText(text: string): FileModel {
  const read = (path: string) =>
    path === name ? { text } : { error: 'no such file or directory', isMissing: true };
  return buildFileModel(name, parseConfig({ read, glob: () => [] }, name, { configId: 'lb01', fold: false }));
}

/** Of the rules whose names are given, or of all. */
export function lintText(text: string, ...rules: readonly string[]): readonly Finding[] {
  const findings = dropDuplicates(lint([modelOfText(text)], { rules: allRules, isPair: false }));
  return rules.length === 0 ? findings : findings.filter(({ rule }) => rules.includes(rule));
}

export function messagesOf(text: string, ...rules: readonly string[]): readonly string[] {
  return lintText(text, ...rules).map(({ message }) => message);
}

/** After the safe edits of these rules, or of all. */
export function fixed(text: string, ...rules: readonly string[]): string {
  return withFixes(lintText(text, ...rules), text, false);
}

/** After the other ones too. */
export function fixedUnsafely(text: string, ...rules: readonly string[]): string {
  return withFixes(lintText(text, ...rules), text, true);
}

function withFixes(findings: readonly Finding[], text: string, unsafe: boolean): string {
  return applyFixes(findings, new Map([[name, text]]), { unsafe }).texts.get(name) ?? text;
}
