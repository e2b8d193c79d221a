/** keepalived.conf(5): global_defs: arguments of include_check and vrrp_rx_bufs_policy. */
import { type Argument, choiceOfAnyCase, integer } from './arguments.ts';

/** What an include can fail for. */
export type IncludeCheck = 'read' | 'match' | 'wildcard_match' | 'brace_match';

export interface IncludeChecks {
  /** In the order of the line. Without a sign before the first, they replace what held before. */
  readonly changes: readonly IncludeCheckChange[];
}

export interface IncludeCheckChange {
  readonly sign: '+' | '-' | '';
  readonly check: IncludeCheck;
}

const checks: readonly IncludeCheck[] = ['read', 'match', 'wildcard_match', 'brace_match'];

/** `[[+|-]WORD ...]`; nothing means all of them. */
export const includeChecks: Argument<IncludeChecks> = {
  expects: `any of ${checks.join(', ')}, each with "+" or "-" before it to add or take away, or nothing for all`,
  syntax: '[[+|-]read|match|wildcard_match|brace_match ...]',
  choices: checks,
  samples: {
    good: ['', 'read', '+read -match', 'wildcard_match brace_match'],
    bad: ['readable', '+', 'read all'],
  },
  parse: (words) => {
    const changes: IncludeCheckChange[] = [];
    for (const word of words) {
      const [, sign = '', text] = /^([+-]?)(.*)$/.exec(word.value) ?? [];
      const check = checks.find((candidate) => candidate === text);
      if (check === undefined || (sign !== '' && sign !== '+' && sign !== '-')) return { ok: false, word };
      changes.push({ sign, check });
    }
    const all = checks.map((check) => ({ sign: '' as const, check }));
    return { ok: true, value: { changes: words.length === 0 ? all : changes }, used: words.length };
  },
};

const policy = choiceOfAnyCase('MTU', 'ADVERT');
const bytes = integer(0, 0x7fff_ffff);

/** By what the buffer is measured, or its size in bytes. */
export const receiveBufferPolicy: Argument<'MTU' | 'ADVERT' | number> = {
  expects: 'MTU, ADVERT, or a number of bytes',
  syntax: 'MTU|ADVERT|<bytes>',
  choices: ['MTU', 'ADVERT'],
  samples: { good: ['MTU', 'ADVERT', 'mtu', '65536'], bad: ['', 'NONE', '-1', 'MTU ADVERT'] },
  parse: (words) => {
    const named = policy.parse(words);
    return named.ok ? named : bytes.parse(words);
  },
};
