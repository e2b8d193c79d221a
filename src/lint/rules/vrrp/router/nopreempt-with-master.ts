import type { Fix } from '../../../finding.ts';
import type { InstanceModel } from '../../../model/index.ts';
import { diagnosticRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { instanceAt } from './instance-places.ts';

/** keepalived.conf(5): nopreempt: the initial state must not be MASTER. */
export const nopreemptWithMaster = diagnosticRule({
  name: 'vrrp/nopreempt-with-master',
  level: 'error',
  summary: 'nopreempt with state MASTER, which cancels it',
  details: `\`nopreempt\` lets a director that comes back leave the Master in place, so that the addresses move once and not
twice. With \`state MASTER\` keepalived reports it and clears it, and the director takes the addresses back after all.
Write \`state BACKUP\` on both directors: the one with the higher priority becomes Master when both start, and
\`nopreempt\` on it holds from then on.`,
  keepalived: 'reports',
  bad: instanceWith('state MASTER', 'priority 150', 'nopreempt'),
  good: instanceWith('state BACKUP', 'priority 150', 'nopreempt'),
  claims: (diagnostic, file) =>
    instanceAt(file, diagnostic, 'nopreempt-ignored', 'nopreempt')?.isOwner === false,
  improve: (diagnostic, file) => {
    const instance = instanceAt(file, diagnostic, 'nopreempt-ignored', 'nopreempt');
    const state = instance?.values.all('state').find(({ value }) => value === 'MASTER');
    return {
      message: `state MASTER cancels nopreempt: ${instance?.name ?? 'this instance'} takes the addresses back from a working Master when it comes back`,
      help: 'write "state BACKUP" on both directors; the higher priority still becomes Master first',
      ...(state && { notes: [{ span: state.span, message: 'state MASTER is here' }] }),
      ...(instance && { fix: fixOf(instance) }),
    };
  },
});

function fixOf({ values }: InstanceModel): Fix | undefined {
  const [state, ...more] = values.all('state');
  // The text of a variable is used elsewhere too.
  if (state === undefined || more.length > 0 || state.span.via !== undefined) return undefined;
  return { title: 'write "state BACKUP"', isSafe: false, edits: [{ span: state.span, text: 'BACKUP' }] };
}
