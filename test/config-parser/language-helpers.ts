/** Reads texts as far as the tree of statements, where no keyword has a meaning yet. */

import { type ExpandOptions, expand } from '../../src/config-parser/expand.ts';
import type { Diagnostic, Span } from '../../src/config-parser/index.ts';
import { parseSource } from '../../src/config-parser/parse.ts';
import type { Source } from '../../src/config-parser/source.ts';
import { buildTree, type Statement } from '../../src/config-parser/tree.ts';

export interface Read {
  readonly statements: readonly Statement[];
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, Source>;
}

/** The files are those given, by name; the first is the main one. Those missing are reported as keepalived sees them. */
export function readTexts(
  texts: Readonly<Record<string, string>>,
  options: Partial<ExpandOptions> = {},
): Read {
  const read = (name: string) => {
    const text = texts[name];
    return text === undefined ? { error: 'no such file', isMissing: true } : { text };
  };
  const [name = ''] = Object.keys(texts);
  const { file } = parseSource({ name, text: texts[name] ?? '' });
  const { runs, diagnostics, sources } = expand(file, { files: { read }, configId: 'lb01', ...options });
  const tree = buildTree(runs);
  return { statements: tree.statements, diagnostics: [...diagnostics, ...tree.diagnostics], sources };
}

export function readText(text: string, options: Partial<ExpandOptions> = {}): Read {
  return readTexts({ 'a.conf': text }, options);
}

/** `a b{c{}; d}` for nested statements. */
export function shape(statements: readonly Statement[]): string {
  return statements
    .map(({ shape: { keyword, args }, block }) => {
      const heading = [keyword, ...args].join(' ');
      return block === undefined ? heading : `${heading}{${shape(block.statements)}}`;
    })
    .join('; ');
}

export function codes({ diagnostics }: Read): readonly string[] {
  return diagnostics.map(({ severity, code }) => `${severity} ${code}`);
}

/** `file:text` of a place, and after it those of its chain, each as `<- message file:text`. */
export function places(span: Span | undefined, sources: ReadonlyMap<string, Source>): string {
  if (span === undefined) return 'nowhere';
  const text = (at: Span): string => `${at.file}:${sources.get(at.file)?.text.slice(at.start, at.end)}`;
  const via = (span.via ?? []).map(
    (note) => ` <- ${note.message}${note.span === undefined ? '' : ` ${text(note.span)}`}`,
  );
  return text(span) + via.join('');
}
