/** Tries arguments of the keyword tables with texts, apart from any file. */
import type { Argument, BlockSchema } from '../../src/config-parser/index.ts';

type Words = Parameters<Argument<unknown>['parse']>[0];

/** The words of one line: those in double quotes keep their blanks. */
export function wordsOf(text: string): Words {
  return [...text.matchAll(/(\s*)("[^"]*"|\S+)/g)].map((match) => {
    const [whole, lead = '', written = ''] = match;
    const start = match.index + lead.length;
    const value = written.replace(/^"(.*)"$/, '$1');
    return { file: 'test.conf', start, end: match.index + whole.length, value, lead, text: written };
  });
}

/** The value of a line that is wholly good; throws otherwise. */
export function goodValue<Value>(argument: Argument<Value>, text: string): Value {
  const result = argument.parse(wordsOf(text));
  if (result.ok && verdict(argument, text) === 'good') return result.value;
  throw new Error(`"${text}" is not wholly good: ${verdict(argument, text)}`);
}

/** The value of a line that is good but for the parts that were left out. */
export function keptValue<Value>(argument: Argument<Value>, text: string): Value {
  const result = argument.parse(wordsOf(text));
  if (result.ok && verdict(argument, text) !== 'good') return result.value;
  throw new Error(`"${text}" is ${result.ok ? 'wholly good' : 'refused'}`);
}

/** `good`, `refused: WORD`, `extra: WORD`, or the messages about its parts. */
export function verdict(argument: Argument<unknown>, text: string): string {
  const words = wordsOf(text);
  const result = argument.parse(words);
  if (!result.ok) return `refused: ${result.word?.value ?? 'nothing there'}`;
  const extra = words[result.used];
  if (extra !== undefined) return `extra: ${extra.value}`;
  const told = [...(result.problems ?? []).map(({ message }) => message)];
  if (result.remark !== undefined) told.push(result.remark);
  return told.length === 0 ? 'good' : told.join('; ');
}

/** The argument of a keyword; throws where the block does not know it. */
export function argumentOf(block: BlockSchema, keyword: string): Argument<unknown> {
  const entry = block.keywords[keyword];
  if (entry === undefined) throw new Error(`${block.name} does not know ${keyword}`);
  return entry.argument;
}
