import type { FileModel, Tracked } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { block, instance, textOf } from './example.ts';

function withFile(lines: readonly string[]): string {
  return textOf(
    block('track_file maintenance', ['file /run/maintenance', ...lines]),
    instance('VI_1', block('track_file', ['maintenance'])),
  );
}

/** keepalived.conf(5): track_file: weight. */
export const trackFileDefaultWeight = fileRule({
  name: 'vrrp/track-file-default-weight',
  level: 'warn',
  summary: 'A track_file without a weight, which has 1 and not 0 as other trackers',
  details: `Scripts, processes, interfaces and BFD sessions have weight 0 where none is written: a failure is a fault. A
\`track_file\` has weight 1: the number in the file is added to the priority, so that a 5 in it makes 100 into 105, and no
small number ever is a fault. In a sync group the whole tracker is dropped for having a weight. Write the weight that you
mean: \`weight 1\` to add the number, \`weight 0\` to go to Fault when it is not 0.`,
  keepalived: 'silent',
  bad: withFile([]),
  good: withFile(['weight 0']),
  check: (file, report) => {
    if (file.trackers.file.size === 0) return;
    const users = unweightedUsers(file);
    for (const { value: name, heading, values } of file.trackers.file.values()) {
      const user = users.get(name);
      if (user === undefined || values.statements.some(({ keyword }) => keyword.value === 'weight')) continue;
      report({
        at: heading,
        message: `track_file ${name} has no weight and gets 1: a 5 in the file adds 5 to the priority, where with the 0 of other trackers it would be a fault`,
        help: 'write "weight 0" if it is to mean a fault, or "weight 1" if the number is to be added',
        notes: [{ span: user.span, message: 'tracked here, without a weight either' }],
      });
    }
  },
});

/** The first place where each is tracked without a weight of its own. */
function unweightedUsers({ instances, syncGroups }: FileModel): ReadonlyMap<string, Tracked> {
  const users = new Map<string, Tracked>();
  for (const { tracked } of [...instances, ...syncGroups]) {
    for (const one of tracked) {
      if (one.kind === 'file' && !one.hasOwnWeight && !users.has(one.name)) users.set(one.name, one);
    }
  }
  return users;
}
