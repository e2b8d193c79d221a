/**
 * A PCRE2 pattern and its options as a RegExp that matches the same. What RegExp cannot do is refused by name. Pure, and touches
 * nothing of Node.js. One difference remains: a reference to a group that took no part matches nothing at all in PCRE2 without
 * match_unset_backref, and the empty text here.
 *
 * PCRE2's defaults differ from RegExp's: only a line feed ends a line, `$` also matches before a last line feed, `\s` and `\w`
 * are ASCII, `]` first in a class is itself. So anchors, dots, classes and escapes are written out, and of RegExp's own flags
 * only `i` and `u` are used.
 */
import type { RegexOption } from '../../config-parser/config-checks.ts';

export type CompiledRegex = { readonly regex: RegExp } | { readonly refused: string };

/** Without `utf` the body is bytes: both the pattern and the body are then taken as Latin-1. */
export function compileRegex(pattern: string, options: readonly RegexOption[]): CompiledRegex {
  const inline = inlineOptions(pattern);
  const has = new Set<RegexOption>([...options, ...inline.options]);
  const isUnicode = has.has('utf');
  const text = isUnicode ? inline.rest : asBytes(inline.rest);
  try {
    const source = new Translation(text, has).run();
    const flags = `g${has.has('caseless') ? 'i' : ''}${isUnicode || has.has('ucp') ? 'u' : ''}`;
    return { regex: new RegExp(source, flags) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { refused: `the regex ${JSON.stringify(pattern)} cannot be used: ${why}` };
  }
}

const inlineNames: Readonly<Record<string, RegexOption>> = {
  i: 'caseless',
  m: 'multiline',
  s: 'dotall',
  x: 'extended',
  U: 'ungreedy',
  n: 'no_auto_capture',
};

/** `(?i)` and the like, where they begin the pattern and so hold for all of it. */
function inlineOptions(pattern: string): { readonly options: readonly RegexOption[]; readonly rest: string } {
  const match = /^\(\?([imsxUn]+)\)/.exec(pattern);
  if (match === null) return { options: [], rest: pattern };
  const options = Array.from(match[1] ?? '', (letter) => inlineNames[letter]).filter(
    (option) => option !== undefined,
  );
  return { options, rest: pattern.slice(match[0].length) };
}

/** Each byte of its UTF-8 as one character. */
function asBytes(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}

const posixClasses: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\t-\\r ',
  blank: '\\t ',
  punct: '!-\\/:-@\\[-`\\{-~',
  xdigit: '0-9A-Fa-f',
  word: '\\w',
  cntrl: '\\x00-\\x1f\\x7f',
  print: ' -~',
  graph: '!-~',
};

/** Escapes that stand for the same in both. */
const sameEscapes = /^[dDwWbBfnrtv0-9]$/;

const space = '\\t-\\r ';

/** One pass over the pattern; throws what cannot be said as a RegExp. */
class Translation {
  readonly #pattern: string;
  readonly #options: ReadonlySet<RegexOption>;
  #at = 0;
  #isQuantifiable = false;

  constructor(pattern: string, options: ReadonlySet<RegexOption>) {
    this.#pattern = pattern;
    this.#options = options;
  }

  run(): string {
    let source = '';
    while (this.#at < this.#pattern.length) source += this.#next();
    return source;
  }

  #next(): string {
    const character = this.#pattern[this.#at] ?? '';
    if (this.#options.has('extended') && this.#skipsLayout(character)) return '';
    if (this.#isQuantifiable && /[*+?{]/.test(character)) {
      const quantifier = this.#quantifier();
      if (quantifier !== undefined) return quantifier;
    }
    this.#at += 1;
    this.#isQuantifiable = !'(|^'.includes(character);
    switch (character) {
      case '\\':
        return this.#escape();
      case '[':
        return this.#class();
      case '(':
        return this.#group();
      case '.':
        return this.#options.has('dotall') ? '[^]' : '[^\\n]';
      case '^':
        return this.#circumflex();
      case '$':
        return this.#dollar();
      case '*':
      case '+':
      case '?':
        throw new Error(`nothing stands before "${character}"`);
      case '{':
      case '}':
      case ']':
      case '/':
        return `\\${character}`;
      default:
        return character;
    }
  }

  /** PCRE2_EXTENDED: blanks, and comments up to the end of the line. */
  #skipsLayout(character: string): boolean {
    if (character === '#') {
      const end = this.#pattern.indexOf('\n', this.#at);
      this.#at = end === -1 ? this.#pattern.length : end + 1;
      return true;
    }
    if (!/[\t-\r ]/.test(character)) return false;
    this.#at += 1;
    return true;
  }

  #circumflex(): string {
    if (!this.#options.has('multiline')) return '^';
    return this.#options.has('alt_circumflex') ? '(?:^|(?<=\\n))' : '(?:^|(?<=\\n)(?=[^]))';
  }

  #dollar(): string {
    if (this.#options.has('multiline')) return '(?=\\n|$)';
    return this.#options.has('dollar_endonly') ? '$' : '(?=\\n?$)';
  }

  /** Undefined where `{` begins no quantifier and so is itself. */
  #quantifier(): string | undefined {
    const match = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(this.#pattern.slice(this.#at));
    if (match === null) return undefined;
    const [quantifier] = match;
    this.#at += quantifier.length;
    this.#isQuantifiable = false;
    const suffix = this.#pattern[this.#at];
    if (suffix === '+') throw new Error(`"${quantifier}+" (possessive) is not supported`);
    if (suffix === '?') this.#at += 1;
    const isLazy = (suffix === '?') !== this.#options.has('ungreedy');
    return isLazy ? `${quantifier}?` : quantifier;
  }

  #group(): string {
    this.#isQuantifiable = false;
    const rest = this.#pattern.slice(this.#at);
    if (rest.startsWith('*')) throw new Error('verbs such as "(*UTF)" are not supported');
    if (!rest.startsWith('?')) return this.#options.has('no_auto_capture') ? '(?:' : '(';
    const comment = /^\?#[^)]*\)/.exec(rest);
    if (comment !== null) {
      this.#at += comment[0].length;
      return '';
    }
    const named = /^\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/.exec(rest);
    if (named !== null) {
      this.#at += named[0].length;
      return `(?<${named[1] ?? named[2]}>`;
    }
    const plain = /^\?(?::|=|!|<=|<!)/.exec(rest);
    if (plain === null) throw new Error(`the group "(${rest.slice(0, 3)}" is not supported`);
    this.#at += plain[0].length;
    return `(${plain[0]}`;
  }

  #escape(): string {
    const character = this.#pattern[this.#at] ?? '';
    if (character === '') throw new Error('it ends with a backslash');
    this.#at += 1;
    if (this.#options.has('ucp') && /[dwsDWSbB]/.test(character)) return unicodeEscape(character);
    switch (character) {
      case 'A':
        return '(?<![^])';
      case 'z':
        return '(?![^])';
      case 'Z':
        return '(?=\\n?(?![^]))';
      case 'N':
        return '[^\\n]';
      case 'R':
        return '(?:\\r\\n|[\\n-\\r\\x85])';
      case 'Q':
        return this.#quoted();
      case 'E':
        return '';
      case 's':
        return `[${space}]`;
      case 'S':
        return `[^${space}]`;
      case 'h':
        return '[\\t \\xa0]';
      case 'H':
        return '[^\\t \\xa0]';
      case 'k':
        return this.#namedReference();
      default:
        return this.#commonEscape(character);
    }
  }

  #namedReference(): string {
    const match = /^(?:<(\w+)>|\{(\w+)\}|'(\w+)')/.exec(this.#pattern.slice(this.#at));
    if (match === null) throw new Error('"\\k" names no group');
    this.#at += match[0].length;
    return `\\k<${match[1] ?? match[2] ?? match[3]}>`;
  }

  /** Those that a class may hold too. */
  #commonEscape(character: string): string {
    if (sameEscapes.test(character)) return `\\${character}`;
    if (character === 'x') return this.#hexadecimal();
    if (character === 'e') return '\\x1b';
    if (character === 'a') return '\\x07';
    if (/[A-Za-z]/.test(character)) throw new Error(`"\\${character}" is not supported`);
    return literal(character);
  }

  #hexadecimal(): string {
    const match = /^(?:\{([\da-f]{1,6})\}|([\da-f]{0,2}))/i.exec(this.#pattern.slice(this.#at));
    const digits = match?.[1] ?? match?.[2] ?? '';
    this.#at += match?.[0].length ?? 0;
    return literal(String.fromCodePoint(Number.parseInt(digits || '0', 16)));
  }

  /** Up to \E everything is itself. */
  #quoted(): string {
    const found = this.#pattern.indexOf('\\E', this.#at);
    const end = found === -1 ? this.#pattern.length : found;
    const text = this.#pattern.slice(this.#at, end);
    this.#at = found === -1 ? end : end + 2;
    return Array.from(text, literal).join('');
  }

  #class(): string {
    let source = '[';
    if (this.#pattern[this.#at] === '^') {
      source += '^';
      this.#at += 1;
    }
    // A "]" that comes first is itself.
    if (this.#pattern[this.#at] === ']' && !this.#options.has('allow_empty_class')) {
      source += '\\]';
      this.#at += 1;
    }
    for (;;) {
      const character = this.#pattern[this.#at];
      if (character === undefined) throw new Error('a "[" has no "]"');
      this.#at += 1;
      if (character === ']') return `${source}]`;
      source += this.#member(character);
    }
  }

  #member(character: string): string {
    if (character === '[') return this.#posixClass();
    if (character !== '\\') return /[/{}()|.$*+?]/.test(character) ? literal(character) : character;
    const escaped = this.#pattern[this.#at] ?? '';
    this.#at += 1;
    if (this.#options.has('ucp') && escaped in unicodeMembers) return unicodeMembers[escaped] ?? '';
    if (escaped === 's') return space;
    if (escaped === 'h') return '\\t \\xa0';
    if (escaped === 'Q') return this.#quoted();
    if (/[BDWSHNRAZzk]/.test(escaped) && !(/[DW]/.test(escaped) && !this.#options.has('ucp'))) {
      throw new Error(`"\\${escaped}" in a class is not supported`);
    }
    return this.#commonEscape(escaped);
  }

  #posixClass(): string {
    const match = /^:(\^?)(\w+):\]/.exec(this.#pattern.slice(this.#at));
    if (match === null) return '\\[';
    const members = posixClasses[match[2] ?? ''];
    if (match[1] === '^' || members === undefined) throw new Error(`"[${match[0]}" is not supported`);
    this.#at += match[0].length;
    return members;
  }
}

/** What the three mean with PCRE2_UCP, as members of a class. */
const unicodeMembers: Readonly<Record<string, string>> = { d: '\\p{Nd}', w: '\\p{L}\\p{N}_', s: '\\s' };

function unicodeEscape(character: string): string {
  const members = unicodeMembers[character.toLowerCase()];
  if (members === undefined) throw new Error(`"\\${character}" together with ucp is not supported`);
  return /[dws]/.test(character) ? `[${members}]` : `[^${members}]`;
}

/** The character itself, with or without the flag `u`. */
function literal(character: string): string {
  if (/^[\^$\\.*+?()[\]{}|/]$/.test(character)) return `\\${character}`;
  if (/^[\w ]$/.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return character;
}
