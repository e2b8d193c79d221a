/**
 * The canonical layout of a file: one statement a line, four blanks a level, braces at the end of their heading, at most
 * one blank line. Comments stay. Nothing of the meaning changes: what could be read in two ways once it is moved (variable
 * definitions, sequences, lines with a condition) stays together as it was written.
 */
import type { CstFile, LineShape, Token } from '../cst.ts';
import { includeKeywords } from '../include.ts';
import { Layout, withoutBlanks } from './layout.ts';

/** The file's text in canonical layout. The same again for a text that has it. */
export function formatFile(file: CstFile): string {
  const layout = new Layout();
  let isContinued = false;
  for (const shape of file.shapes) {
    if (isContinued || shape.text.includes('\0')) layout.exact(withoutLineEnd(shape.text));
    else addLine(shape, layout);
    isContinued = isContinued ? endsInBackslash(shape) : startsDefinition(shape);
  }
  return layout.toString();
}

function addLine({ tokens: all }: LineShape, layout: Layout): void {
  const tokens = withoutCarriageReturns(all.filter(({ kind }) => kind !== 'newline'));
  const [first] = tokens;
  if (first === undefined) layout.blank();
  else if (first.kind === 'comment') layout.comment(first.text);
  else addStatements(tokens, layout);
}

function addStatements(tokens: readonly Token[], layout: Layout): void {
  const last = tokens.at(-1);
  const comment = last?.kind === 'comment' ? last : undefined;
  const body = comment === undefined ? tokens : tokens.slice(0, -1);
  if (staysTogether(body)) addTogether(body, comment, layout);
  else {
    addPieces(body, layout);
    if (comment !== undefined) layout.trailingComment(comment.text);
  }
}

/** Those at the end of a line would be taken for a part of its end when they are read again. */
function withoutCarriageReturns(tokens: readonly Token[]): readonly Token[] {
  const last = tokens.at(-1);
  if (last?.text.endsWith('\r') !== true) return tokens;
  const text = last.text.replace(/\r+$/, '');
  return text === ''
    ? withoutCarriageReturns(tokens.slice(0, -1))
    : [...tokens.slice(0, -1), { ...last, text }];
}

/** Definitions, sequences, conditions with more than one brace, and what would become an include if it were moved. */
function staysTogether(tokens: readonly Token[]): boolean {
  const [first] = tokens;
  if (first === undefined || first.kind === 'bom' || /^[$~]/.test(first.text)) return true;
  // The path of an include goes on to the end of the line, with the blanks in it.
  if (includeKeywords.has(first.text)) return true;
  if (
    first.text.startsWith('@') &&
    tokens.some(({ text }) => text.startsWith('~') || includeKeywords.has(text))
  )
    return true;
  // An id goes on to the next blank, whatever stands there.
  if (first.text.startsWith('@') && tokens[1]?.lead === '') return true;
  const braces = tokens.filter(isBrace);
  if (braces.length === 0) return false;
  if (tokens.some((token, index) => isBrace(token) && keepsVariable(token, tokens[index - 1]))) return true;
  if (first.text.startsWith('@') && !isSimpleCondition(tokens, braces)) return true;
  return tokens.some((token, index) => isSpecialStart(token) && index > 0 && isBrace(tokens[index - 1]));
}

/** `$NAME{`: no variable while a brace follows at once; a blank between would make it one. */
function keepsVariable(brace: Token, before: Token | undefined): boolean {
  return brace.lead === '' && before !== undefined && /\$[A-Za-z_]\w*$/.test(before.text);
}

/** `@id }`, or `@id` before a heading with its brace: the condition is for all of it also where a brace ends a line. */
function isSimpleCondition(tokens: readonly Token[], [brace, ...more]: readonly Token[]): boolean {
  if (more.length > 0 || tokens.at(-1) !== brace) return false;
  return brace?.kind === 'open' || tokens.length === 2;
}

function isSpecialStart({ text }: Token): boolean {
  return /^[$~@]/.test(text) || includeKeywords.has(text);
}

function isBrace(token: Token | undefined): boolean {
  return token?.kind === 'open' || token?.kind === 'close';
}

function addTogether(tokens: readonly Token[], comment: Token | undefined, layout: Layout): void {
  const text = tokens.map(({ lead, text }, index) => (index === 0 ? '' : lead) + text).join('');
  const end = comment === undefined ? '' : `${comment.lead}${comment.text}`;
  const isDefinition = /^\$\w+=/.test(text);
  let depth = 0;
  let lowest = 0;
  for (const { kind } of isDefinition ? [] : tokens) {
    if (kind === 'open') depth += 1;
    if (kind === 'close') depth -= 1;
    lowest = Math.min(lowest, depth);
  }
  // An open quote takes the blanks at the end of its line with it.
  const isOpen = tokens.at(-1)?.kind === 'unterminated';
  const line = isOpen ? text : withoutBlanks(`${text}${end}`);
  // A byte order mark is one at the begin of a line only; behind blanks it would be a word.
  if (tokens[0]?.kind === 'bom') layout.outdented(line, -lowest, depth - lowest);
  else layout.mixed(line, -lowest, depth - lowest);
}

/** Statement by statement, brace by brace. */
function addPieces(tokens: readonly Token[], layout: Layout): void {
  let words: Token[] = [];
  for (const token of tokens) {
    if (!isBrace(token)) {
      words.push(token);
      continue;
    }
    const text = textOfWords(words);
    const isConditional = isCondition(words);
    words = [];
    if (isConditional) {
      // The condition is for the brace alone.
      if (token.kind === 'open') layout.mixed(`${text} {`, 0, 1);
      else layout.close(`${text} }`);
    } else if (token.kind === 'open') layout.open(text);
    else {
      // A line end follows: see withoutCarriageReturns.
      const statement = text.replace(/[ \t\r]*\r$/, '');
      if (statement !== '') layout.statement(statement, false);
      layout.close('}');
    }
  }
  if (words.length > 0) layout.statement(textOfWords(words), isHeading(words));
}

function isCondition([first, ...rest]: readonly Token[]): boolean {
  return rest.length === 0 && first?.text.startsWith('@') === true;
}

/** A brace on the next line may join it. Not behind a condition, which the brace did not have, nor in an open quote. */
function isHeading(words: readonly Token[]): boolean {
  const [first] = words;
  if (first?.kind !== 'word' || /^[$@]/.test(first.text)) return false;
  return words.every(({ kind }) => kind !== 'unterminated');
}

/** One blank between words; as written where quotes or escapes of scripts may make blanks a part of a word. */
function textOfWords(words: readonly Token[]): string {
  const isDelicate = words.some(({ kind, text }) => kind !== 'quoted' && /['\\$]/.test(text));
  return words
    .map(({ lead, text }, index) => {
      if (index === 0 || lead === '') return text;
      return (isDelicate ? lead : ' ') + text;
    })
    .join('');
}

/** `$NAME=value \`: the value goes on in the next line. */
function startsDefinition(shape: LineShape): boolean {
  const first = shape.tokens.find(({ text }) => !text.startsWith('@'));
  return first?.kind === 'word' && /^\$[A-Za-z_]\w*=/.test(first.text) && endsInBackslash(shape);
}

function endsInBackslash({ tokens }: LineShape): boolean {
  return tokens.findLast(({ kind }) => kind !== 'newline')?.text.endsWith('\\') === true;
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}
