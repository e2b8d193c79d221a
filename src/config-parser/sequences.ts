/**
 * keepalived.conf(5): `~SEQ(var,[start,[step,]]end) text`, `~SEQx` and `~LST(var,value,...) text`: lines that stand for
 * several. One call takes the first sequence of a line apart; a further one in its text is taken apart in turn.
 */
import type { Diagnostic } from './diagnostics.ts';
import { joinPieces, type Origin, type Piece, type Placed } from './origin.ts';
import { sliceOf, trimmed } from './variables.ts';

/** The values of one line. */
type Round = ReadonlyMap<string, Placed | string>;

export interface Sequence {
  /** How many lines it stands for; Infinity for more than a number can tell. */
  readonly rounds: number;
  readonly line: (round: number) => Placed;
  /** Its variables in that round: keepalived defines them, and the last values stay. */
  readonly values: (round: number) => ReadonlyMap<string, Placed>;
}

type Read = Sequence | { readonly error: string; readonly help?: string };

export function isSequence({ text }: Placed): boolean {
  return /^[ \t]*~/.test(text);
}

/**
 * The sequence that a line begins with. `replace` replaces the variables in its parameters; all the rest of the line
 * stays as it is until a line is made.
 */
export function readSequence(
  content: Placed,
  replace: (parameters: Placed) => Placed,
): Sequence | Diagnostic {
  const begin = /^[ \t]*~(\w*)[ \t]*\(/.exec(content.text);
  const kind = begin?.[1];
  const end = content.text.indexOf(')');
  const read = (): Read => {
    if (begin === null || (kind !== 'SEQ' && kind !== 'SEQx' && kind !== 'LST')) {
      return { error: 'a line that begins with "~" is ~SEQ(...), ~SEQx(...) or ~LST(...)' };
    }
    if (end === -1) return { error: `"~${kind}(" is not closed by ")"` };
    const parameters = replace(sliceOf(content, begin[0].length, end));
    const text = trimmed(sliceOf(content, end + 1));
    return kind === 'LST' ? readList(parameters, text) : readNumbers(parameters, text, kind === 'SEQx');
  };
  const result = read();
  return 'error' in result ? refusal(content, end, result) : result;
}

function refusal(content: Placed, end: number, result: { error: string; help?: string }): Diagnostic {
  const from = content.start + content.text.search(/\S/);
  const to = content.start + (end === -1 ? content.text.length : end + 1);
  return {
    severity: 'error',
    code: 'invalid-sequence',
    message: `${result.error}; the line is ignored`,
    span: content.origin.span(from, to),
    ...(result.help !== undefined && { help: result.help }),
  };
}

const numbersHelp = 'write ~SEQ(variable,end), ~SEQ(variable,start,end) or ~SEQ(variable,start,step,end)';

function readNumbers(parameters: Placed, text: Placed, isHexadecimal: boolean): Read {
  const [name = '', ...words] = parameters.text.split(',').map((word) => word.trim());
  if (name === '' || words.length < 1 || words.length > 3) {
    return {
      error: `a sequence needs a variable and one to three numbers, found "${parameters.text}"`,
      help: numbersHelp,
    };
  }
  const bad = words.find((word) => !Number.isFinite(numberOf(word)));
  if (bad !== undefined)
    return { error: `a sequence counts in whole numbers, found "${bad}"`, help: numbersHelp };
  const numbers = words.map(numberOf);
  const last = numbers.at(-1) ?? 0;
  const start = numbers.length > 1 ? (numbers[0] ?? 1) : 1;
  const step = numbers.length > 2 ? (numbers[1] ?? 1) : last < start ? -1 : 1;
  if (step === 0 || (last - start) * step < 0) {
    return { error: `a sequence from ${start} in steps of ${step} never comes to ${last}` };
  }
  if (isHexadecimal && (start < 0 || last < 0)) return { error: '~SEQx counts in numbers of at least 0' };
  const digits = (round: number): string => (start + round * step).toString(isHexadecimal ? 16 : 10);
  return {
    rounds: Math.floor((last - start) / step) + 1,
    line: (round) => fill(text, new Map([[name, digits(round)]])),
    values: (round) =>
      new Map([[name, { ...parameters, text: digits(round), origin: wholeOrigin(parameters) }]]),
  };
}

/** A number is written nowhere; what makes it is. */
function wholeOrigin({ text, start, origin }: Placed): Origin {
  return { file: origin.file, span: () => origin.span(start, start + text.length) };
}

/** As strtol(3) reads it: 0x begins a hexadecimal number, 0 an octal one. */
function numberOf(word: string): number {
  const match = /^([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9]\d*))$/.exec(word);
  if (match === null) return Number.NaN;
  const [, sign, hexadecimal, octal, decimal] = match;
  const size =
    hexadecimal !== undefined
      ? Number.parseInt(hexadecimal, 16)
      : octal !== undefined
        ? Number.parseInt(octal, 8)
        : Number(decimal);
  return sign === '-' ? -size : size;
}

function readList(parameters: Placed, text: Placed): Read {
  const [first, ...rest] = splitList(parameters);
  const names = first === undefined ? [] : membersOf(first).map((name) => name.text);
  const help = 'write ~LST(variable,value,...) or ~LST({variable,variable},{value,value},...)';
  const badName = names.find((name) => !/^\w+$/.test(name));
  if (names.length === 0 || rest.length === 0 || badName !== undefined) {
    return { error: `a list needs a variable and values, found "${parameters.text}"`, help };
  }
  const lists = rest.map(membersOf);
  const spaced = lists.flat().find((value) => /[ \t{}]/.test(value.text));
  if (spaced !== undefined) return { error: `a value of a list is one word, found "${spaced.text}"`, help };
  const long = lists.find((values) => values.length > names.length);
  if (long !== undefined) {
    return { error: `a list for ${names.join(', ')} is given ${long.length} values at once`, help };
  }
  const nothing = sliceOf(parameters, parameters.text.length);
  const rounds = lists.map((values) => new Map(names.map((name, index) => [name, values[index] ?? nothing])));
  const values = (round: number): ReadonlyMap<string, Placed> => rounds[round] ?? new Map();
  return { rounds: rounds.length, line: (round) => fill(text, values(round)), values };
}

/** At the commas that are not in braces. */
function splitList(list: Placed): readonly Placed[] {
  const parts: Placed[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < list.text.length; at += 1) {
    const char = list.text[at];
    if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    else if (char === ',' && depth <= 0) {
      parts.push(trimmed(sliceOf(list, from, at)));
      from = at + 1;
    }
  }
  return [...parts, trimmed(sliceOf(list, from))];
}

function membersOf(part: Placed): readonly Placed[] {
  const isGroup = part.text.startsWith('{') && part.text.endsWith('}') && part.text.length > 1;
  return isGroup ? splitList(sliceOf(part, 1, part.text.length - 1)) : [part];
}

const reference = /\$\{(\w+)\}|\$(\w+)(?=[ \t,)]|$)/g;

/** The text with the values of one round. */
function fill({ text, start, origin }: Placed, values: Round): Placed {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(reference)) {
    const name = match[1] ?? match[2] ?? '';
    const value = values.get(name);
    if (value === undefined) continue;
    const { index } = match;
    if (index > at) pieces.push({ text: text.slice(at, index), start: start + at, end: start + index });
    at = index + match[0].length;
    const place = { start: start + index, end: start + at };
    pieces.push(
      typeof value === 'string'
        ? { text: value, ...place, note: `"${name}" is "${value}" here` }
        : { text: value.text, ...place, value },
    );
  }
  if (at === 0) return { text, start, origin };
  if (at < text.length) pieces.push({ text: text.slice(at), start: start + at, end: start + text.length });
  return joinPieces(pieces, origin);
}
