/**
 * The whole way from files to a typed Config. It reads no file itself: the caller passes a reader, so that tests, the
 * linter and the daemon use the same code.
 */
import type { BlockValues } from './block-values.ts';
import type { Config } from './config.ts';
import type { Diagnostic, Span } from './diagnostics.ts';
import { expand } from './expand.ts';
import { parseSource } from './parse.ts';
import { Reporter } from './reporter.ts';
import { resolve } from './resolve.ts';
import type { root } from './schema/index.ts';
import { sortDiagnostics } from './severity.ts';
import type { Source } from './source.ts';
import type { SourceReader } from './source-reader.ts';
import { buildTree } from './tree.ts';

export interface ParseOptions {
  /** keepalived(8): -i, --config-id. Chooses the lines that begin with `@id`; by custom the host's name up to a dot. */
  readonly configId?: string;
  /** What `${_ENV NAME}` sees. Without it the environment counts as empty. */
  readonly environment?: Readonly<Record<string, string>>;
  /** keepalived(8): -e, --all-config. Every include fails as `includea` does. */
  readonly includeAll?: boolean;
  /** What repeats itself all over a file is told once, with the further places; so is it for people. True if not given. */
  readonly fold?: boolean;
  /**
   * False leaves `config.virtualServers` empty, for who wants diagnostics and values only: the services of a large file
   * are half of the memory. True if not given.
   */
  readonly keepsServices?: boolean;
}

export interface Resolved {
  readonly config: Config;
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every text that was read, by name: what formatDiagnostic needs. */
  readonly sources: ReadonlyMap<string, Source>;
  /** What was given, by the keyword tables: what `config` was made from. */
  readonly values: BlockValues<typeof root.keywords>;
  /** Every keyword that the files use, as they spell it. */
  readonly words: ReadonlySet<string>;
  /** Where a part of `config` stood: its heading, or the value of a keyword in its block (`priority`). */
  readonly spanOf: (part: object, keyword?: string) => Span | undefined;
}

/** Reads `path` and what it includes. A file that cannot be read is a fatal diagnostic; nothing throws for bad input. */
export function parseConfig(files: SourceReader, path: string, options: ParseOptions = {}): Resolved {
  const main = files.read(path);
  const text = 'text' in main ? main.text : '';
  const { file, diagnostics: textual } = parseSource({ name: path, text });
  const expanded = expand(file, { ...options, files, configId: options.configId ?? '' });
  const tree = buildTree(expanded.runs);
  const reporter = new Reporter(options.fold);
  const { config, spans, values } = resolve(tree.statements, reporter, options.keepsServices ?? true);
  const all = [
    ...('error' in main ? [unreadable(path, main.error)] : []),
    ...textual,
    ...expanded.diagnostics,
    ...tree.diagnostics,
    ...reporter.diagnostics(),
  ];
  return {
    config,
    diagnostics: sortDiagnostics(all, [...expanded.sources.keys()]),
    sources: expanded.sources,
    values,
    words: reporter.words,
    spanOf: (part, keyword) => spans.spanOf(part, keyword),
  };
}

/** keepalived starts without a configuration then, and reports success; nobody wants that. */
function unreadable(path: string, error: string): Diagnostic {
  return { severity: 'fatal', code: 'file-unreadable', message: `cannot read ${path}: ${error}` };
}
