/** keepalived.conf(5): the keys of auth_hmac. No message says what a key is. */
import type { Word } from '../words.ts';
import { type Argument, type ArgumentResult, integer } from './arguments.ts';

export interface HmacKey {
  /** Sent with every advertisement, so that the receiver knows which key it was signed with. */
  readonly id: number;
  /** `file` names the file that holds the key, which is not read here. */
  readonly form: 'text' | 'hex' | 'file';
  /** As written, without `hex:` or `file:`. */
  readonly value: string;
}

/** The raw key is as long as the hash's output at least, and as its block at most. */
const shortestKeyBytes = 32;
const longestKeyBytes = 64;

const keyId = integer(1, 255);
const keyRange = `${shortestKeyBytes} to ${longestKeyBytes} bytes`;

/** `ID TEXT`, `ID hex:DIGITS` or `ID file:PATH`. */
export const hmacKey: Argument<HmacKey> = {
  expects: `a number from 1 to 255 and a key of ${keyRange}: a text, "hex:" and digits, or "file:" and a path`,
  syntax: '<1-255> <text>|hex:<digits>|file:<path>',
  samples: {
    good: [
      '1 file:/etc/keepalived/key',
      '1 an-example-text-of-32-characters',
      `255 hex:${'0123456789abcdef'.repeat(4)}`,
    ],
    bad: [
      '',
      '1',
      '0 file:/etc/keepalived/key',
      '256 file:/etc/keepalived/key',
      '1 too-short',
      '1 hex:0123',
      `1 hex:${'x'.repeat(64)}`,
      '1 file:',
      `1 ${'k'.repeat(65)}`,
    ],
  },
  parse: parseKey,
};

/** The id is pointed at where the key is wrong, since messages quote the word that they point at. */
function parseKey(words: readonly Word[]): ArgumentResult<HmacKey> {
  const [idWord, keyWord] = words;
  const id = keyId.parse(words);
  if (!id.ok || idWord === undefined) return { ok: false, ...(idWord && { word: idWord }) };
  if (keyWord === undefined) return { ok: false };
  const key = keyOf(keyWord.value);
  const wrong = wrongWith(key);
  if (wrong !== undefined) return { ok: false, word: idWord, expects: `${hmacKey.expects} (${wrong})` };
  return { ok: true, value: { id: id.value, ...key }, used: 2 };
}

type Key = Omit<HmacKey, 'id'>;

function keyOf(text: string): Key {
  if (text.startsWith('hex:')) return { form: 'hex', value: text.slice(4) };
  if (text.startsWith('file:')) return { form: 'file', value: text.slice(5) };
  return { form: 'text', value: text };
}

function wrongWith({ form, value }: Key): string | undefined {
  if (form === 'file') return value === '' ? 'no path stands after "file:"' : undefined;
  if (form === 'hex' && !/^(?:[\da-f]{2})*$/i.test(value))
    return 'this one is no pairs of hexadecimal digits';
  const bytes = form === 'hex' ? value.length / 2 : new TextEncoder().encode(value).length;
  return bytes >= shortestKeyBytes && bytes <= longestKeyBytes ? undefined : `this one has ${bytes}`;
}
