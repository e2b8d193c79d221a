import type { InstanceModel } from '../../model/index.ts';
import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { hmacDifference } from './hmac.ts';
import { forEachCounterpart } from './match-instances.ts';
import { authenticationOf, speakAlike } from './on-the-wire.ts';
import { noteAt } from './wording.ts';

const withPassword = (password: string) => [
  'authentication {',
  '    auth_type PASS',
  `    auth_pass ${password}`,
  '}',
];

/** RFC 2338 section 7.1: authentication must be that of the virtual router. */
export const authMismatch = pairRule({
  name: 'pair/auth-mismatch',
  level: 'error',
  summary: 'Directors authenticate differently',
  details: `An advertisement whose authentication is not what the receiver expects is discarded: another type, another
password (its first 8 bytes count), or a signature by a key that the receiver does not have. Both directors then hear
nobody, and both become Master. In version 3 and in strict mode keepalived ignores \`authentication\`, so that only
\`auth_hmac\` is compared there. Where a key is in a file, only the path can be compared. To change a key of \`auth_hmac\`
without a gap, add the new key on all directors first, and make it the \`active_key\` afterwards.`,
  keepalived: 'silent',
  bad: directors({ lines: withPassword('first') }, { lines: withPassword('second') }),
  good: directors({ lines: withPassword('first') }, { lines: withPassword('first') }),
  check: (nodes, report) => {
    forEachCounterpart(nodes, (first, second) => {
      const [a, b] = [first.instance, second.instance];
      if (!speakAlike(a, b)) return;
      const hmac = hmacDifference(a, b, first.node.name);
      const difference = hmac ?? plainDifference(a, b, first.node.name);
      if (difference === undefined) return;
      const keyword = hmac === undefined ? 'authentication' : 'auth_hmac';
      report({
        at: placeOf(b, keyword),
        message: `${b.name} ${difference}: advertisements are discarded, and both become Master`,
        help: 'write the same authentication on all directors',
        notes: [noteAt(first, second, placeOf(a, keyword), 'the authentication there')],
      });
    });
  },
});

function placeOf(instance: InstanceModel, keyword: 'authentication' | 'auth_hmac') {
  const block = instance.values.last(keyword);
  return block?.values.spanOf('auth_pass') ?? block?.heading ?? instance.heading;
}

/** The passwords themselves are nobody's business who reads the log. */
function plainDifference(a: InstanceModel, b: InstanceModel, node: string): string | undefined {
  const [theirs, ours] = [authenticationOf(a), authenticationOf(b)];
  if (theirs.type !== ours.type) {
    return `has ${nameOf(ours.type)} here and ${nameOf(theirs.type)} on ${node}`;
  }
  return theirs.password === ours.password ? undefined : `has another password here than on ${node}`;
}

function nameOf(type: 'none' | 'PASS' | 'AH'): string {
  return type === 'none' ? 'no authentication' : `authentication ${type}`;
}
