/** What indentation tells about braces that do not fit. Asked only when the braces of a file do not come out even. */
import type { LineShape } from './cst.ts';
import type { PlacedBlock, Statement } from './statement.ts';

export interface OpenBlock {
  readonly block: PlacedBlock;
  /** The statements around it. */
  readonly outer: Statement[];
  /** No heading, or inside such a block: nothing in it is reported or kept. */
  readonly skipped: boolean;
  /** The blanks before the line that opened it. */
  readonly indent: string;
  /** What stands in it begins further to the right, so that a line that does not is outside. */
  isIndented: boolean;
  /** Its first line inside, where all lines since are ordinary ones of one text; -1 where they are not. */
  firstLine: number;
}

/** Nobody indents further; a hostile file may nest a million blocks. */
const deepest = 64;

/** How many of the innermost open blocks a line shows to have ended above it. */
export function countEnded(shape: LineShape, stack: readonly OpenBlock[]): number {
  const { indent, form } = shape;
  if (form === 'close') {
    const own = stack.slice(-deepest).findLastIndex((open) => open.indent === indent);
    return own === -1 ? 0 : Math.min(stack.length, deepest) - 1 - own;
  }
  if (form !== 'open' && form !== 'statement') return 0;
  let count = 0;
  while (count < stack.length) {
    const open = stack[stack.length - 1 - count];
    if (open === undefined || !open.isIndented || indent.length > open.indent.length) break;
    if (!open.indent.startsWith(indent)) break;
    count += 1;
  }
  return count;
}

/** False for a closing brace further to the right than the line that opened the innermost block: one too many. */
export function closedBy(indent: string, { indent: opened }: OpenBlock): boolean {
  return !(indent.length > opened.length && indent.startsWith(opened));
}
