import type { FileModel, TrackerKind } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { Places } from '../../lvs/places.ts';
import { block, instance, textOf, tracked } from './example.ts';
import { definitionKeywords, trackedText } from './tracked-names.ts';

/** keepalived.conf(5): track_script, track_file, track_process, track_bfd. */
export const unknownTracker = fileRule({
  name: 'vrrp/unknown-tracker',
  level: 'error',
  summary: 'Something is tracked that no block defines',
  details: `\`track_script\`, \`track_file\`, \`track_process\` and \`track_bfd\` list names; what a name means stands in a
\`vrrp_script\`, \`track_file\`, \`vrrp_track_process\` or \`bfd_instance\` block above. keepalived leaves out a name that it does not
know and goes on, so that nothing watches the service and no failure ever moves the addresses. Mostly the name is mistyped on
one side, or the include that holds the block is missing.`,
  keepalived: 'reports',
  bad: textOf(instance('VI_1', block('track_script', ['chk_web']))),
  good: tracked([]),
  check: (file, report) => {
    for (const { first, places } of missingOf(file).values()) {
      const { kind, name } = first;
      const keyword = definitionKeywords[kind];
      const known = [...file.trackers[kind].keys()].slice(0, 5).join(', ');
      report({
        at: places.first,
        message: `there is no ${keyword} ${name}: ${trackedText(first)} is left out, and nothing watches what it was to watch`,
        help: `define "${keyword} ${name} { }" above this block${known === '' ? '' : `, or write one that is defined: ${known}`}`,
        notes: places.notes,
      });
    }
  },
});

interface Missing {
  readonly first: { readonly kind: Exclude<TrackerKind, 'interface'>; readonly name: string };
  readonly places: Places;
}

/** A name is missing once, however many instances track it. */
function missingOf({ instances, syncGroups }: FileModel): ReadonlyMap<string, Missing> {
  const missing = new Map<string, Missing>();
  for (const { tracked } of [...instances, ...syncGroups]) {
    for (const { kind, name, definition, span } of tracked) {
      if (kind === 'interface' || definition !== undefined) continue;
      const key = `${kind} ${name}`;
      const known = missing.get(key) ?? { first: { kind, name }, places: new Places() };
      known.places.addSpan(() => span);
      missing.set(key, known);
    }
  }
  return missing;
}
