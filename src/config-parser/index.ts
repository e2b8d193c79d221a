/** keepalived.conf: from files to a typed Config, with diagnostics. The face of this folder to the others. */

export { BlockTemplate } from './block-template.ts';
export { BlockValues, Given, type GivenOf, valuesOfBlock } from './block-values.ts';
export { type CstFile, type Line, printCst, type Token, type TokenKind } from './cst.ts';
export { diagnosticCodes } from './diagnostic-codes.ts';
export type { Diagnostic, Note, Severity, Span } from './diagnostics.ts';
export { formatFile } from './format/format.ts';
export { type KeyFile, type LoadedKeys, loadHmacKeys } from './load-hmac-keys.ts';
export { type Parsed, parseSource } from './parse.ts';
export { type ParseOptions, parseConfig, type Resolved } from './parse-config.ts';
export { unicastKeywords } from './resolve-transport.ts';
export {
  type Argument,
  type BlockSchema,
  type Contents,
  type FoundKeyword,
  findKeyword,
  isList,
  type Keyword,
  type ListSchema,
  type ManPageOnlyWord,
  manPageOnly,
  root as schema,
} from './schema/index.ts';
export { hasFatal, hasSyntaxError, severities, sortDiagnostics, worstSeverity } from './severity.ts';
export { lineText, type Position, positionAt, type Source } from './source.ts';
export type { ReadResult, SourceReader } from './source-reader.ts';
export { nearest } from './suggest.ts';
export { type ShellSplit, type ShellWord, splitShellWords } from './words.ts';
