import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { forEachCounterpart } from './match-instances.ts';
import { noteAt } from './wording.ts';

/** RFC 5798 section 7.1: the version is checked first. */
export const versionMismatch = pairRule({
  name: 'pair/version-mismatch',
  level: 'error',
  summary: 'One director speaks VRRP version 2 and the other version 3',
  details: `A router discards advertisements of another version than its own. With version 2 on one director and 3 on the
other neither hears the other, and both become Master. The version is that of the instance, else \`vrrp_version\` in
\`global_defs\`, else 2 for IPv4; IPv6 is always 3. Change both directors in one go: during the change there are two
Masters.`,
  keepalived: 'silent',
  bad: directors({ lines: ['version 2'] }, { lines: ['version 3'] }),
  good: directors({ lines: ['version 3'] }, { lines: ['version 3'] }),
  check: (nodes, report) => {
    forEachCounterpart(nodes, (first, second) => {
      const [a, b] = [first.instance, second.instance];
      if (a.version === b.version || a.family !== b.family) return;
      report({
        at: b.at('version'),
        message: `${b.name} speaks VRRP version ${b.version} here and ${a.version} on ${first.node.name}: each discards what the other sends, and both become Master`,
        help: 'write the same "version" in the instance on all directors, or the same "vrrp_version" in global_defs',
        notes: [noteAt(first, second, a.at('version'), `version ${a.version}`)],
      });
    });
  },
});
