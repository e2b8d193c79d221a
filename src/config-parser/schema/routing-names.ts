/**
 * What iproute2 names: tables, protocols, scopes, realms, type of service. A number is taken as it is. Names that the
 * administrator has added to the files of iproute2 are known on the machine only, so that where such files are usual any
 * name is accepted and stays a name.
 */
import type { Word } from '../words.ts';
import type { Argument } from './arguments.ts';

/** A number, or a name that is looked up when the route or rule is added. */
export type NumberOrName = number | string;

const namePattern = /^[A-Za-z_][\w.-]*$/;

/** rtnetlink(7): RT_TABLE_DEFAULT, RT_TABLE_MAIN, RT_TABLE_LOCAL. */
const tables: Readonly<Record<string, number>> = { default: 253, main: 254, local: 255 };

/** A routing table. 0 is no table. */
export const routingTable = numberOrName(
  1,
  0xffff_ffff,
  tables,
  'a routing table: a name, or a number from 1 to 4294967295',
  '<table>',
);

/** Who has made a route or rule, as the kernel records it. */
export const routingProtocol = numberOrName(
  0,
  255,
  { kernel: 2, boot: 3, static: 4, keepalived: 18 },
  'a routing protocol: a name, or a number from 0 to 255',
  '<protocol>',
);

/** A group of interfaces. */
export const interfaceGroup = numberOrName(
  0,
  0xffff_ffff,
  { default: 0 },
  'a group of interfaces: a name, or a number from 0 to 4294967295',
  '<group>',
);

/** The protocol of a packet: a number of IANA's, or a name of /etc/protocols. */
export const ipProtocol = numberOrName(
  0,
  255,
  {},
  'a protocol: a name such as tcp, or a number from 0 to 255',
  '<protocol>',
);

/** rtnetlink(7): enum rt_scope_t. */
const scopes: Readonly<Record<string, number>> = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 };

export const scope: Argument<number> = {
  expects: 'one of global, site, link, host, nowhere, or a number from 0 to 255',
  syntax: 'global|site|link|host|nowhere|<0-255>',
  choices: Object.keys(scopes),
  samples: { good: ['link', '253'], bad: ['', 'universe', '256'] },
  parse: ([word]) => {
    if (word === undefined) return { ok: false };
    const value = Object.hasOwn(scopes, word.value) ? (scopes[word.value] ?? 0) : wholeNumber(word.value);
    return value <= 255 ? { ok: true, value, used: 1 } : { ok: false, word };
  },
};

/** Type of service: a number, also as `0x10`, or a name of iproute2 in capitals such as `AF11`. */
export const typeOfService: Argument<NumberOrName> = {
  expects: 'a type of service: a number from 0 to 255, also as 0x10, or a name in capitals such as AF11',
  syntax: '<0-255>|<name>',
  samples: { good: ['16', '0x10', 'AF11'], bad: ['', '256', '0x100', 'ff', 'lowdelay'] },
  parse: ([word]) => {
    if (word === undefined) return { ok: false };
    const { value: text } = word;
    if (/^[A-Z][A-Z0-9_-]*$/.test(text)) return { ok: true, value: text, used: 1 };
    const value = /^0x[\da-f]+$/i.test(text) ? Number.parseInt(text, 16) : wholeNumber(text);
    return value <= 255 ? { ok: true, value, used: 1 } : { ok: false, word };
  },
};

/** A realm, or where from and where to. */
export interface Realms {
  readonly from?: NumberOrName;
  readonly to: NumberOrName;
}

/** `REALM` or `FROM/TO`. */
export const realms: Argument<Realms> = {
  expects: 'a realm, or two with "/" between them; each a name or a number from 0 to 65535',
  syntax: '[<from>/]<to>',
  samples: { good: ['1', '1/2', 'office/0x14'], bad: ['', '65536', '1/2/3', '1/'] },
  parse: ([word]) => {
    if (word === undefined) return { ok: false };
    const parts = word.value.split('/').map(realm);
    const [first, second, ...rest] = parts;
    if (first === undefined || parts.includes(undefined) || rest.length > 0) return { ok: false, word };
    const value = second === undefined ? { to: first } : { from: first, to: second };
    return { ok: true, value, used: 1 };
  },
};

function realm(text: string): NumberOrName | undefined {
  if (namePattern.test(text)) return text;
  const value = /^0x[\da-f]+$/i.test(text) ? Number.parseInt(text, 16) : wholeNumber(text);
  return value <= 0xffff ? value : undefined;
}

/** A name in `known` gives its number, any other name stays one. */
function numberOrName(
  min: number,
  max: number,
  known: Readonly<Record<string, number>>,
  expects: string,
  syntax: string,
): Argument<NumberOrName> {
  return {
    expects,
    syntax,
    samples: { good: ['100', ...Object.keys(known), 'a_name'], bad: ['', '-1', `${max + 1}`, '5x'] },
    parse: ([word]) => {
      if (word === undefined) return { ok: false };
      const value = numberOrNameOf(word, known);
      const isGood = typeof value === 'string' || (value >= min && value <= max);
      return isGood ? { ok: true, value, used: 1 } : { ok: false, word };
    },
  };
}

function numberOrNameOf({ value }: Word, known: Readonly<Record<string, number>>): NumberOrName {
  if (Object.hasOwn(known, value)) return known[value] ?? value;
  return namePattern.test(value) ? value : wholeNumber(value);
}

function wholeNumber(text: string): number {
  return /^\+?\d+$/.test(text) ? Number(text) : Number.NaN;
}
