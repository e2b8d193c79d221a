/** keepalived.conf(5): arguments of track_file and vrrp_track_process. */
import type { Word } from '../words.ts';
import { type Argument, type ArgumentResult, choice, integer } from './arguments.ts';

export interface InitFile {
  /** Written into the file. */
  readonly value: number;
  /** Also where the file is there already. */
  readonly overwrite: boolean;
}

const number = integer(-0x8000_0000, 0x7fff_ffff);

/** `[VALUE] [overwrite]`, in either order. */
export const initFile: Argument<InitFile> = {
  expects: `${number.expects}, or nothing for 0, and "overwrite" if a file that is there is to be changed`,
  syntax: '[<value>] [overwrite]',
  samples: {
    good: ['', '3', '-3', 'overwrite', '3 overwrite', 'overwrite 3'],
    bad: ['x', '99999999999', '3 overwriting', '3 overwrite now'],
  },
  parse: (words): ArgumentResult<InitFile> => {
    let value: number | undefined;
    let overwrite: boolean | undefined;
    for (const word of words.slice(0, 2)) {
      if (word.value === 'overwrite' && overwrite === undefined) overwrite = true;
      else {
        const result = value === undefined ? number.parse([word]) : { ok: false as const };
        if (!result.ok) return { ok: false, word };
        value = result.value;
      }
    }
    const used = Math.min(words.length, 2);
    return { ok: true, value: { value: value ?? 0, overwrite: overwrite ?? false }, used };
  },
};

export interface ProcessPattern {
  /** Its name, or its path where it begins with "/". */
  readonly program: string;
  readonly args: readonly string[];
}

/** `NAME [ARGUMENT ...]`; quotes keep words together. */
export const processPattern: Argument<ProcessPattern> = {
  expects: 'the name or the path of a program, and its arguments if they count',
  syntax: '<program> [<argument>...]',
  samples: {
    good: ['nginx', '/usr/sbin/nginx -g "daemon off;"', '"/opt/a b/server" -v'],
    bad: ['', '"" -v'],
  },
  parse: (words): ArgumentResult<ProcessPattern> => {
    const [program, ...args] = words;
    if (program === undefined) return { ok: false };
    if (program.value === '') return { ok: false, word: program };
    const value = { program: program.value, args: args.map((word: Word) => word.value) };
    return { ok: true, value, used: words.length };
  },
};

/** How arguments are compared where they need not be equal. */
export const parameterMatch = choice('initial', 'partial');
