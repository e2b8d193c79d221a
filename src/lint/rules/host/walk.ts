/** Every keyword of a file, whatever block it stands in. */
import type { BlockValues, Given } from '../../../config-parser/index.ts';

/** In the order of the file; `siblings` is the block that it stands in. */
export function forEachGiven(
  values: BlockValues,
  visit: (given: Given, siblings: BlockValues) => void,
): void {
  for (const given of values.given) {
    visit(given, values);
    forEachGiven(given.values, visit);
  }
}

export function wordsOf({ statement }: Pick<Given, 'statement'>): readonly string[] {
  return statement.args.map(({ value }) => value);
}
