import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

const header = 'authentication {\n    auth_type AH\n    auth_pass example\n}';

/** keepalived.conf(5): auth_type AH: a sequence number must be heard before any is sent. */
export const authAhWithMaster = fileRule({
  name: 'vrrp/auth-ah-with-master',
  level: 'error',
  summary: 'state MASTER with auth_type AH',
  details: `The Authentication Header counts its packets, and a director has to hear the count of the others before it sends
a packet of its own. That does not go with starting as Master, and keepalived reports \`state MASTER\` and clears it. The
highest priority becomes Master in any case, so write \`state BACKUP\` on both directors.`,
  keepalived: 'reports',
  bad: instanceWith('state MASTER', 'priority 150', header),
  good: instanceWith('state BACKUP', 'priority 150'),
  check: ({ instances }, report) => {
    for (const instance of instances) {
      const given = instance.values.last('authentication');
      if (given?.values.value('auth_type') !== 'AH') continue;
      if (instance.state !== 'MASTER' || instance.isOwner || instance.version === 3) continue;
      report({
        at: instance.at('state'),
        message: `state MASTER does not go with auth_type AH, which must first hear the others: keepalived starts ${instance.name} as BACKUP`,
        help: 'write "state BACKUP"; the highest priority becomes Master anyway',
        notes: [{ span: given.values.spanOf('auth_type') ?? given.heading, message: 'auth_type AH is here' }],
      });
    }
  },
});
