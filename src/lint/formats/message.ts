/**
 * A message with its place, for people, in the shape that editors and CI understand:
 *
 *   lb01.conf:7:23: error: virtual_router_id must be a whole number from 1 to 255, found "300" [invalid-value]
 *     |
 *   7 |     virtual_router_id 300
 *     |                       ^^^
 *     = help: ...
 */
import { lineText, type Note, positionAt, type Source, type Span } from '../../config-parser/index.ts';
import { cleanText } from './clean-text.ts';
import { type Paint, plain, type Style } from './paint.ts';

export interface Message {
  /** `error`, `warn`, `fatal`, ... */
  readonly level: string;
  readonly message: string;
  /** In brackets after the message: a code or a rule's name. */
  readonly name: string;
  readonly span?: Span | undefined;
  readonly help?: string | undefined;
  readonly notes?: readonly Note[] | undefined;
  /** Further lines of the kind `= docs: ...`. */
  readonly more?: readonly (readonly [label: string, text: string])[];
}

type Sources = ReadonlyMap<string, Source>;

/** What to print of a source line around the place, so that a line of a megabyte does not fill the terminal. */
const widest = 160;

/** Includes that are told of a place; more are hardly read. */
const deepestInclude = 8;

/** Several lines, without a line end after the last. */
export function formatMessage(message: Message, sources: Sources, paint: Paint = plain): string {
  const { span, help, more = [] } = message;
  const label = (name: string, text: string) =>
    `  ${paint('=', 'blue')} ${paint(`${name}:`, 'bold')} ${text}`;
  return [
    formatHeadline(message, sources, paint),
    ...excerpt(message, sources, paint),
    ...(help === undefined ? [] : [label('help', cleanText(help))]),
    ...allNotes(message).map((note) => label('note', noteText(note, sources))),
    ...includesOf(span, sources).map((place) => label('note', `included from ${placeText(place, sources)}`)),
    ...more.map(([name, text]) => label(name, cleanText(text))),
  ].join('\n');
}

/** The first of those lines, which says it all. */
export function formatHeadline(message: Message, sources: Sources, paint: Paint = plain): string {
  const { level, name } = message;
  const place = placeText(message.span, sources);
  const words = `${paint(level, ...styleOf(level))}: ${paint(cleanText(message.message), 'bold')}`;
  return `${place === '' ? '' : `${place}: `}${words} ${paint(`[${name}]`, 'dim')}`;
}

/** `file:line:column`, as much of it as is known. */
export function placeText(span: Span | undefined, sources: Sources): string {
  if (span === undefined) return '';
  const source = sources.get(span.file);
  if (source === undefined) return cleanText(span.file);
  const { line, column } = positionAt(source, span.start);
  return `${cleanText(span.file)}:${line}:${column}`;
}

/** The way by which variables led there belongs to the notes; nothing is said twice. */
function allNotes({ span, notes = [] }: Pick<Message, 'span' | 'notes'>): readonly Note[] {
  const byWords = new Map<string, Note>();
  for (const note of [...notes, ...(span?.via ?? [])]) {
    const key = `${note.span?.start}-${note.span?.end} ${note.span?.file} ${note.message}`;
    if (!byWords.has(key)) byWords.set(key, note);
  }
  return [...byWords.values()];
}

/** Those, and the includes by which the file was reached: for formats whose notes have places of their own. */
export function chainedNotes(message: Pick<Message, 'span' | 'notes'>, sources: Sources): readonly Note[] {
  const included = includesOf(message.span, sources).map((span) => ({ message: 'included from here', span }));
  return [...allNotes(message), ...included];
}

/** From the inside outwards; a file cannot include itself for ever. */
function includesOf(span: Span | undefined, sources: Sources): readonly Span[] {
  const places: Span[] = [];
  let from = span && sources.get(span.file)?.includedFrom;
  while (from !== undefined && places.length < deepestInclude) {
    places.push(from);
    from = sources.get(from.file)?.includedFrom;
  }
  return places;
}

function noteText({ span, message }: Note, sources: Sources): string {
  const place = placeText(span, sources);
  return `${place === '' ? '' : `${place}: `}${cleanText(message)}`;
}

const styles: Readonly<Record<string, readonly Style[]>> = {
  info: ['cyan', 'bold'],
  warn: ['yellow', 'bold'],
  warning: ['yellow', 'bold'],
  deprecated: ['yellow', 'bold'],
};

function styleOf(level: string): readonly Style[] {
  return styles[level] ?? ['red', 'bold'];
}

function excerpt({ span, level }: Message, sources: Sources, paint: Paint): readonly string[] {
  const source = span && sources.get(span.file);
  if (span === undefined || source === undefined) return [];
  const { line, column } = positionAt(source, span.start);
  const whole = lineText(source, line);
  const from = Math.max(0, column - 1 - widest / 2);
  const shown = whole.slice(from, from + widest);
  const before = shown.slice(0, column - 1 - from);
  const length = Math.max(1, Math.min(span.end - span.start, shown.length - before.length));
  const gutter = (text: string) => paint(`${text.padEnd(String(line).length)} |`, 'blue');
  // Tabs stay tabs, so that the caret stands under its word whatever their width.
  const indent = before.replace(/[^\t]/g, ' ');
  return [
    gutter(''),
    `${gutter(String(line))} ${cleanText(shown)}`,
    `${gutter('')} ${indent}${paint('^'.repeat(length), ...styleOf(level))}`,
  ];
}
