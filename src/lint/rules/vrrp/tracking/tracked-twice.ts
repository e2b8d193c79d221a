import type { Tracked } from '../../../model/index.ts';
import { fileRule, type Report } from '../../../rule.ts';
import { block, instance, script, scriptGlobals, textOf } from './example.ts';
import { trackedText } from './tracked-names.ts';

const globals = [scriptGlobals, script()];

/** keepalived.conf(5): track_script. */
export const trackedTwice = fileRule({
  name: 'vrrp/tracked-twice',
  level: 'error',
  summary: 'The same thing is tracked twice in one block',
  details: `An instance or a sync group tracks a thing once. keepalived takes the first line and leaves out the others, with
their weights: a second line does not add to the first, and it does not replace it. Keep the one with the weight that is
meant.`,
  keepalived: 'reports',
  bad: textOf(
    ...globals,
    instance('VI_1', block('track_script', ['chk_web weight -20', 'chk_web weight -40'])),
  ),
  good: textOf(...globals, instance('VI_1', block('track_script', ['chk_web weight -40']))),
  check: ({ instances, syncGroups }, report) => {
    for (const { tracked } of instances) reportTwice(tracked, report);
    for (const { tracked } of syncGroups) reportTwice(tracked, report);
  },
});

function reportTwice(all: readonly Tracked[], report: Report): void {
  if (all.length < 2) return;
  const seen = new Map<string, Tracked>();
  for (const tracked of all) {
    const text = trackedText(tracked);
    const first = seen.get(text);
    if (first === undefined) {
      seen.set(text, tracked);
      continue;
    }
    const outcome =
      first.weight === tracked.weight ? '' : `, and weight ${first.weight} counts, not ${tracked.weight}`;
    report({
      at: tracked.span,
      message: `${text} is listed already: this line is left out${outcome}`,
      help: 'keep one of the two lines',
      notes: [{ span: first.span, message: 'the first is here' }],
    });
  }
}
