import type { Span } from '../../../../config-parser/index.ts';
import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { hmacExample } from './hmac-example.ts';

/** keepalived.conf(5): auth_hmac: each key has a number of its own. */
export const authHmacDuplicateKey = fileRule({
  name: 'vrrp/auth-hmac-duplicate-key',
  level: 'error',
  summary: 'Two keys of auth_hmac have one number',
  details: `The number of a key goes with each advertisement, so that the receiver knows which of its keys to check it with.
Two keys of one number could not be told apart: keepalived reports the second and leaves it out. Advertisements that
another director signs with it are dropped then, and both become Master.`,
  keepalived: 'reports',
  bad: instanceWith(hmacExample('key 1 "a second example, with 32 bytes."', 'active_key 1')),
  good: instanceWith(),
  check: ({ instances }, report) => {
    for (const { values } of instances) {
      const seen = new Map<number, Span>();
      for (const { value, span } of values.last('auth_hmac')?.values.all('key') ?? []) {
        const first = seen.get(value.id);
        if (first === undefined) {
          seen.set(value.id, span);
          continue;
        }
        report({
          at: span,
          message: `there is a key ${value.id} already and this one is left out: what another director signs with it is dropped`,
          help: 'give it a number of its own, the same on all directors',
          notes: [{ span: first, message: `key ${value.id} is here` }],
        });
      }
    }
  },
});
