/**
 * What can stand after a keyword: each kind of argument says in words what it expects and turns the words of the line into
 * a value. The messages themselves are made in read-block.ts, the same for every keyword.
 */
import {
  type AddressFamily,
  familyOf,
  type IpAddress,
  isMulticast,
  parseAddress,
} from '../../net/address.ts';
import { splitShellWords, textOf, type Word } from '../words.ts';

/** Something wrong with a part of an argument that is otherwise good: that part is left out. */
export interface Problem {
  readonly word: Word;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

export type ArgumentResult<Value> =
  /** `used` words were taken; what follows them on the line is extra. `remark` is worth a warning. */
  | {
      readonly ok: true;
      readonly value: Value;
      readonly used: number;
      readonly remark?: string;
      readonly problems?: readonly Problem[];
    }
  /** `word` is the offender, undefined when a word is missing. `expects` is narrower than the argument's own. */
  | { readonly ok: false; readonly word?: Word; readonly expects?: string };

/** Texts to try an argument with, for tests and for the reference: what may follow the keyword on its line. */
export interface Samples {
  /** The first is the one to show. Empty text means nothing at all. */
  readonly good: readonly string[];
  /** Each is refused, or has a part that is. Only what takes no argument, or any, has none. */
  readonly bad: readonly string[];
}

export interface Argument<Value> {
  /** Completes "must be": `a whole number from 1 to 255`. */
  readonly expects: string;
  /** For usage lines: `<1-255>`, `<seconds>`, `on|off`, `<ip> [<port>]`; empty when there is none. */
  readonly syntax: string;
  /** Every word that can stand first, where they can be listed: for completion. */
  readonly choices?: readonly string[];
  readonly samples: Samples;
  /** The value holds words with their places, so that equal lines do not share it. */
  readonly keepsWords?: true;
  readonly parse: (words: readonly Word[]) => ArgumentResult<Value>;
}

/** No argument: the keyword switches something on. */
export const flag: Argument<true> = {
  expects: 'without an argument',
  syntax: '',
  samples: { good: [''], bad: [] },
  parse: () => ({ ok: true, value: true, used: 0 }),
};

const trueWords = ['true', 'on', 'yes'];
const falseWords = ['false', 'off', 'no'];

/** `true on yes` or `false off no`; nothing means true. */
export const onOff: Argument<boolean> = {
  expects: 'one of true, on, yes, false, off, no, or nothing',
  syntax: '[on|off]',
  choices: [...trueWords, ...falseWords],
  samples: { good: ['', 'on', 'yes', 'true', 'off', 'no', 'false'], bad: ['ON', 'maybe'] },
  parse: ([word]) => {
    if (word === undefined) return { ok: true, value: true, used: 0 };
    if (trueWords.includes(word.value)) return { ok: true, value: true, used: 1 };
    if (falseWords.includes(word.value)) return { ok: true, value: false, used: 1 };
    return { ok: false, word };
  },
};

/** Any one word. */
export const text: Argument<string> = {
  expects: 'one word, in double quotes if it holds blanks',
  syntax: '<word>',
  samples: { good: ['word', '"two words"'], bad: [''] },
  parse: ([word]) => (word === undefined ? { ok: false } : { ok: true, value: word.value, used: 1 }),
};

/** A word cut to `maxBytes` bytes of UTF-8, with a remark when it is longer. */
export function textOfAtMost(maxBytes: number): Argument<string> {
  return {
    expects: `a word of at most ${maxBytes} bytes`,
    syntax: '<word>',
    samples: { good: ['word'], bad: [''] },
    parse: ([word]) => {
      if (word === undefined) return { ok: false };
      const value = cutToBytes(word.value, maxBytes);
      if (value === word.value) return { ok: true, value, used: 1 };
      return { ok: true, value, used: 1, remark: `is longer than ${maxBytes} bytes and is cut there` };
    },
  };
}

/** As many words as there are, at least `atLeast`: for keywords with a grammar of their own. */
export function words(
  atLeast: number,
  expects: string,
  syntax = '<words>',
  samples: Samples = { good: ['a b c'], bad: atLeast === 0 ? [] : [''] },
): Argument<readonly Word[]> {
  return {
    expects,
    syntax,
    samples,
    keepsWords: true,
    parse: (given) =>
      given.length < atLeast ? { ok: false } : { ok: true, value: given, used: given.length },
  };
}

/** Decimal; `010` is ten, `+3` is three. */
export function integer(min: number, max: number): Argument<number> {
  return {
    expects: Number.isFinite(max)
      ? `a whole number from ${min} to ${max}`
      : `a whole number of at least ${min}`,
    syntax: Number.isFinite(max) ? `<${min}-${max}>` : `<${min}->`,
    samples: {
      good: [`${min}`, ...(Number.isFinite(max) ? [`${max}`] : [])],
      bad: ['', 'x', `${min}x`, `${min - 1}`, ...(Number.isFinite(max) ? [`${max + 1}`] : [])],
    },
    parse: ([word]) => {
      if (word === undefined) return { ok: false };
      const value = /^[+-]?\d+$/.test(word.value) ? Number(word.value) : Number.NaN;
      return value >= min && value <= max ? { ok: true, value, used: 1 } : { ok: false, word };
    },
  };
}

const microsecondsPerSecond = 1_000_000;

/** Decimal seconds, to the microsecond; the value is in milliseconds. */
export function seconds(minSeconds: number, maxSeconds: number): Argument<number> {
  return {
    expects: Number.isFinite(maxSeconds)
      ? `a number of seconds from ${minSeconds} to ${maxSeconds}`
      : `a number of seconds of at least ${minSeconds}`,
    syntax: '<seconds>',
    samples: {
      good: [`${Math.max(minSeconds, 1)}`, ...(Number.isFinite(maxSeconds) ? [`${maxSeconds}`] : [])],
      bad: ['', 'x', '-1', ...(Number.isFinite(maxSeconds) ? [`${maxSeconds + 1}`] : [])],
    },
    parse: ([word]) => {
      if (word === undefined) return { ok: false };
      const match = /^\+?(?:\d+(?:\.(\d*))?|\.(\d+))$/.exec(word.value);
      const microseconds = Math.round(Number(word.value) * microsecondsPerSecond);
      const given = microseconds / microsecondsPerSecond;
      if (match === null || !(given >= minSeconds && given <= maxSeconds)) return { ok: false, word };
      const tooFine = (match[1] ?? match[2] ?? '').length > 6;
      const remark = tooFine ? { remark: 'has more than six decimal places and is rounded' } : {};
      return { ok: true, value: microseconds / 1000, used: 1, ...remark };
    },
  };
}

export function choice<const Value extends string>(...values: readonly Value[]): Argument<Value> {
  return {
    expects: `one of ${values.join(', ')}`,
    syntax: values.join('|'),
    choices: values,
    samples: { good: [...values], bad: ['', 'no-such-word'] },
    parse: ([word]) => {
      if (word === undefined) return { ok: false };
      const value = values.find((candidate) => candidate === word.value);
      return value === undefined ? { ok: false, word } : { ok: true, value, used: 1 };
    },
  };
}

/** A name that the operator chooses. */
export const name: Argument<string> = {
  expects: 'a name, in double quotes if it holds blanks',
  syntax: '<name>',
  samples: { good: ['name', '"two words"'], bad: [''] },
  parse: (given) => text.parse(given),
};

/** As `choice`, in capitals or not. */
export function choiceOfAnyCase<const Value extends string>(...values: readonly Value[]): Argument<Value> {
  return {
    expects: `one of ${values.join(', ')}`,
    syntax: values.join('|'),
    choices: values,
    samples: { good: [...values], bad: ['', 'no-such-word'] },
    parse: ([word]) => {
      if (word === undefined) return { ok: false };
      const value = values.find((candidate) => candidate.toLowerCase() === word.value.toLowerCase());
      return value === undefined ? { ok: false, word } : { ok: true, value, used: 1 };
    },
  };
}

/** An address, of one family if that is said. */
export function ipAddress(family?: AddressFamily): Argument<IpAddress> {
  return {
    expects: family === undefined ? 'an IP address' : `an IPv${family} address`,
    syntax: '<ip>',
    samples: { good: [family === 6 ? '2001:db8::1' : '192.0.2.1'], bad: ['', '192.0.2', 'host.example'] },
    parse: ([word]) => {
      if (word === undefined) return { ok: false };
      const { value, remark } = addressOf(word);
      const isGood = value !== undefined && (family === undefined || familyOf(value) === family);
      return isGood ? { ok: true, value, used: 1, ...remark } : { ok: false, word };
    },
  };
}

/** keepalived takes an address with a prefix length where only an address has a meaning, and so do files in use. */
function addressOf(word: Word): {
  readonly value?: IpAddress;
  readonly remark?: { readonly remark: string };
} {
  const slash = word.value.indexOf('/');
  // Nearly all have none: a large file has a hundred thousand.
  if (slash === -1) {
    const address = parseAddress(word.value);
    return address === undefined ? {} : { value: address };
  }
  const text = word.value.slice(0, slash);
  const prefix = word.value.slice(slash + 1);
  const value = /^\d{1,3}$/.test(prefix) ? parseAddress(text) : undefined;
  if (value === undefined) return {};
  return { value, remark: { remark: 'is an address; its prefix length is ignored' } };
}

export function multicastAddress(family?: AddressFamily): Argument<IpAddress> {
  const plain = ipAddress(family);
  return {
    expects: family === undefined ? 'a multicast IP address' : `an IPv${family} multicast address`,
    syntax: '<ip>',
    samples: { good: [family === 6 ? 'ff02::12' : '224.0.0.18'], bad: ['', '192.0.2.1'] },
    parse: (given) => {
      const result = plain.parse(given);
      if (!result.ok || isMulticast(result.value)) return result;
      return { ok: false, ...(given[0] && { word: given[0] }) };
    },
  };
}

export interface Endpoint {
  readonly address: IpAddress;
  /** 0 means all ports. */
  readonly port?: number;
}

const portNumber = integer(0, 65_535);

/** `IP [PORT]`. */
export const endpoint: Argument<Endpoint> = {
  expects: 'an IP address, and a port from 0 to 65535 if there is one',
  syntax: '<ip> [<port>]',
  samples: {
    good: ['192.0.2.1', '192.0.2.1 80', '2001:db8::1 443'],
    bad: ['', '192.0.2', '192.0.2.1 65536'],
  },
  parse: (given) => {
    const addressWord = given[0];
    const portWord = given[1];
    if (addressWord === undefined) return { ok: false };
    const { value: address, remark } = addressOf(addressWord);
    if (address === undefined) return { ok: false, word: addressWord, expects: 'an IP address' };
    if (portWord === undefined) return { ok: true, value: { address }, used: 1, ...remark };
    const port = portNumber.parse([portWord]);
    if (!port.ok) return { ok: false, word: portWord, expects: 'a port from 0 to 65535' };
    return { ok: true, value: { address, port: port.value }, used: 2, ...remark };
  },
};

/** IFNAMSIZ of the kernel leaves 15 bytes for a name. */
export const interfaceName: Argument<string> = {
  expects: 'the name of a network interface, at most 15 characters, without "/"',
  syntax: '<interface>',
  samples: { good: ['eth0'], bad: ['', 'a/b', 'sixteen-letters-'] },
  parse: ([word]) => {
    if (word === undefined) return { ok: false };
    const isGood = word.value.length >= 1 && word.value.length <= 15 && !word.value.includes('/');
    return isGood ? { ok: true, value: word.value, used: 1 } : { ok: false, word };
  },
};

export interface Command {
  /** The command line as one string; it is split once more, the same way, into program and arguments. */
  readonly command: string;
  readonly user?: string;
  readonly group?: string;
}

/** `COMMAND [USER [GROUP]]`, split like a shell's words: a command with arguments must stand in quotes. */
export const command: Argument<Command> = {
  expects: 'a command, in quotes if it has arguments, and then a user and a group if there are any',
  syntax: '"<command>" [<user> [<group>]]',
  samples: { good: ['/bin/true', '"/bin/echo a" user group'], bad: ['', "'/bin/echo a"] },
  parse: (given) => {
    const split = splitShellWords(textOf(given));
    const [first] = given;
    if (!split.ok)
      return { ok: false, ...(first && { word: first }), expects: 'a command whose quotes are closed' };
    const [program, user, group] = split.words;
    if (program === undefined) return { ok: false };
    const account = {
      ...(user && { user: user.value }),
      ...(group && { group: group.value.replace(/^:/, '') }),
    };
    return { ok: true, value: { command: program.value, ...account }, used: given.length };
  },
};

function cutToBytes(value: string, maxBytes: number): string {
  let bytes = 0;
  let cut = '';
  for (const char of value) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
    if (bytes > maxBytes) break;
    cut += char;
  }
  return cut;
}

/** For a keyword that opens a block and takes nothing else. */
export const nothing: Argument<undefined> = {
  expects: 'a block',
  syntax: '',
  samples: { good: [''], bad: [] },
  parse: () => ({ ok: true, value: undefined, used: 0 }),
};
