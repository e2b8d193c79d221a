/** Blocks with names: of two with one name keepalived takes the first, and so do we. */
import type { BlockValues, Given } from './block-values.ts';
import type { ResolveContext } from './resolve-context.ts';
import type { root } from './schema/index.ts';

export type RootValues = BlockValues<typeof root.keywords>;

/** Of trackers keepalived has the first without a word, so that this is no error. */
export function firstOfEachName<Block extends Pick<Given<string>, 'keyword' | 'value' | 'heading'>>(
  blocks: readonly Block[],
  { reporter }: ResolveContext,
  severity: 'error' | 'warning' = 'error',
): readonly Block[] {
  const firsts = new Map<string, Block>();
  for (const block of blocks) {
    const { keyword, value: name } = block;
    const first = firsts.get(name);
    if (first === undefined) {
      firsts.set(name, block);
      continue;
    }
    reporter.reportEach(`duplicate ${keyword} ${name}`, block.heading, () => ({
      severity,
      code: 'duplicate-name',
      message: `${keyword} ${name} is defined already; this second block is ignored`,
      notes: [{ span: first.heading, message: 'the first is here' }],
    }));
  }
  return [...firsts.values()];
}
