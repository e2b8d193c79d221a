import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { strictInstances, strictKeyword, strictNotes } from './strict-mode.ts';

/** RFC 3768 section 6.4.3: a Master that is not the owner must not accept packets to the addresses. */
export const strictAcceptV2 = fileRule({
  name: 'vrrp/strict-accept-v2',
  level: 'error',
  summary: 'accept in strict mode with VRRP version 2',
  details: `Version 2 forbids a Master that does not own the addresses to accept packets to them; version 3 leaves it to the
operator. In strict mode keepalived reports \`accept\` for version 2 and resets it: the addresses do not answer, and
services on them, virtual servers too, get nothing. Switch strict mode off, or write \`version 3\` on all directors.`,
  keepalived: 'reports',
  bad: instanceWith('strict_mode', 'accept'),
  good: instanceWith('version 3', 'accept'),
  check: (file, report) => {
    for (const instance of strictInstances(file)) {
      const accept = instance.values.last('accept');
      if (accept === undefined || instance.version === 3 || instance.isOwner) continue;
      report({
        at: accept.span,
        message: `strict mode resets accept in VRRP version 2: packets to the addresses of ${instance.name} are dropped, ping included`,
        help: `delete "${strictKeyword(instance)}", or write "version 3" on all directors`,
        notes: strictNotes(instance, file),
      });
    }
  },
});
