import { fileRule } from '../../../rule.ts';
import { contributionsOf } from './counting-trackers.ts';
import { tracked } from './example.ts';
import { trackedText } from './tracked-names.ts';

const leastUseful = 2;

/** RFC 5798 section 6.4.3: of equal priorities the higher address wins. */
export const weightTooSmall = fileRule({
  name: 'vrrp/weight-too-small',
  level: 'error',
  summary: 'A weight of 1 or -1, which is never enough to move an address',
  details: `A weight is the number of points that a failure costs. To move the addresses it must cost more than the distance
between the directors, which is 1 at the least: with a weight of 1, a Master at 101 falls to 100 and draws level with a
Backup at 100, and then the higher address of the two decides, whichever that is. Choose a distance, such as 10, and a weight
that is clearly larger, such as -20. \`lint --pair\` does the sum with the priorities of both files.`,
  keepalived: 'silent',
  bad: tracked(['weight -1']),
  good: tracked(['weight -20']),
  check: ({ instances }, report) => {
    const told = new Set<string>();
    for (const instance of instances) {
      const contributions = contributionsOf(instance);
      const total = contributions.reduce((sum, { tracked }) => sum + Math.abs(tracked.weight), 0);
      const [only] = contributions;
      if (only === undefined || total >= leastUseful) continue;
      const text = trackedText(only.tracked);
      // A weight in the definition is one cause, however many instances track it.
      if (!only.tracked.hasOwnWeight && told.has(text)) continue;
      told.add(text);
      const before = instance.priority + only.whenGood;
      const after = instance.priority + only.whenBad;
      const behind = Math.max(before, after) - 1;
      report({
        at: only.tracked.span,
        message: `a failure of ${text} takes ${instance.name} from ${before} to ${after}: a peer only 1 behind, at ${behind}, draws level and no more, so this check moves the address by chance or never`,
        help: 'write a weight larger than the distance between the directors, such as "weight -20" for 10',
        ...(!only.tracked.hasOwnWeight &&
          only.tracked.definition && {
            notes: [{ span: only.tracked.definition, message: 'its weight stands in this block' }],
          }),
      });
    }
  },
});
