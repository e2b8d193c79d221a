/** A line of virtual_routes or virtual_rules as the value that the parser makes of it. */
import type { Argument } from '../../src/config-parser/schema/arguments.ts';
import type { Word } from '../../src/config-parser/words.ts';

export function wordsOf<Value>(argument: Argument<Value>, line: string): Value {
  const words = line.split(' ').map((value) => ({ value }) as Word);
  const result = argument.parse(words);
  if (!result.ok) throw new Error(`the line was refused: ${line}: ${JSON.stringify(result)}`);
  return result.value;
}
