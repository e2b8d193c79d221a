/** keepalived.conf(5): arguments that name an account: `USER [GROUP]`, and a named pipe with its owner. */
import type { Word } from '../words.ts';
import type { Argument } from './arguments.ts';

/** Who something runs as or belongs to. Without a group, the user's own. */
export interface Account {
  readonly user: string;
  readonly group?: string;
}

/** `USER [[:]GROUP]`; whether they exist is known on the machine only. */
export const account: Argument<Account> = {
  expects: "a user, and a group if it is not the user's own",
  syntax: '<user> [<group>]',
  samples: { good: ['nobody', 'nobody nogroup', 'nobody :nogroup'], bad: ['', 'nobody nogroup wheel'] },
  parse: (words) => {
    const [user, group] = words;
    if (user === undefined) return { ok: false };
    const value = { user: user.value, ...(group && { group: groupOf(group) }) };
    return { ok: true, value, used: Math.min(words.length, 2) };
  },
};

/** A named pipe, made when it is not there. */
export interface Fifo {
  readonly path: string;
  /** Whom it is given to. */
  readonly user?: string;
  readonly group?: string;
}

/** `PATH [USER [[:]GROUP]]`. */
export const fifo: Argument<Fifo> = {
  expects: 'the path of a named pipe, and then a user and a group if there are any',
  syntax: '<path> [<user> [<group>]]',
  samples: {
    good: ['/run/holdfast.fifo', '/run/holdfast.fifo nobody', '/run/holdfast.fifo nobody nogroup'],
    bad: ['', '/run/holdfast.fifo nobody nogroup wheel'],
  },
  parse: (words) => {
    const [pipe, ...rest] = words;
    if (pipe === undefined) return { ok: false };
    const owner = account.parse(rest);
    if (!owner.ok) return { ok: true, value: { path: pipe.value }, used: 1 };
    return { ok: true, value: { path: pipe.value, ...owner.value }, used: 1 + owner.used };
  },
};

function groupOf({ value }: Word): string {
  return value.replace(/^:/, '');
}
