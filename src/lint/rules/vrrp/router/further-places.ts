/** For what is told once for a whole file: how many there are, and where the others stand. */
import type { Note, Span } from '../../../../config-parser/index.ts';
import type { InstanceModel } from '../../../model/index.ts';

/** Further places that are shown before the rest is only counted. */
const placesShown = 3;

/** ` (2 instances)`, or nothing for one. */
export function countOf(instances: readonly InstanceModel[]): string {
  return instances.length === 1 ? '' : ` (${instances.length} instances)`;
}

/** A note for each place but the first, which is the finding's own. */
export function furtherPlaces(
  instances: readonly InstanceModel[],
  placeIn: (instance: InstanceModel) => Span,
): readonly Note[] {
  const further = instances.slice(1);
  const shown = further.slice(0, placesShown).map((instance): Note => {
    return { span: placeIn(instance), message: `also here, in ${instance.name}` };
  });
  const rest = further.length - shown.length;
  return rest === 0 ? shown : [...shown, { message: `and in ${rest} more` }];
}
