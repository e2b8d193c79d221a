/** What would change, as `diff -u` and `patch` know it. */
import { createTwoFilesPatch } from 'diff';

export function unifiedDiff(name: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(`${name}.orig`, name, before, after, undefined, undefined, {
    context: 3,
  });
  // The library begins with a line of equals signs, which belongs to another format.
  return patch.replace(/^=+\n/, '');
}
