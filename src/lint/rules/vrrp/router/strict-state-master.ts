import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { strictInstances, strictNotes } from './strict-mode.ts';

/** keepalived.conf(5): vrrp_strict. RFC 5798 section 6.4.1: only the address owner starts as Master. */
export const strictStateMaster = fileRule({
  name: 'vrrp/strict-state-master',
  level: 'error',
  summary: 'state and priority disagree in strict mode about who owns the addresses',
  details: `By the RFC the address owner, priority 255, starts as Master, and everybody else as Backup. In strict mode
keepalived holds to that: it reports the line and goes on with what the priority says. The election is the same with
\`state BACKUP\`: the highest priority wins in the end.`,
  keepalived: 'reports',
  bad: instanceWith('strict_mode', 'state MASTER', 'priority 150'),
  good: instanceWith('state BACKUP', 'priority 150'),
  check: (file, report) => {
    for (const instance of strictInstances(file)) {
      const { name, state, priority, isOwner } = instance;
      if (state === undefined || (state === 'MASTER') === isOwner) continue;
      const starts = isOwner ? 'MASTER' : 'BACKUP';
      report({
        at: instance.at('state'),
        message: `strict mode starts only the owner of the addresses, priority 255, as MASTER: ${name} has priority ${priority} and starts as ${starts}, not ${state}`,
        help: isOwner
          ? 'write "state MASTER", or a priority from 1 to 254'
          : 'write "state BACKUP"; the highest priority becomes Master anyway',
        notes: strictNotes(instance, file),
      });
    }
  },
});
