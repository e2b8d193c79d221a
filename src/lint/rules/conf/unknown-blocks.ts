/** What keepalived makes of the lines in and after a block that it does not know. */
import { BlockValues, type Given, type Span } from '../../../config-parser/index.ts';
import type { FileModel } from '../../model/index.ts';

type Statement = Given['statement'];

export interface UnknownBlock {
  /** The lines inside, which are read one level too far out. */
  readonly inside: Lines;
  /** The lines behind it in the blocks around, which are read one level too far out as well. */
  readonly after: Lines;
  /** Heading of the block that it stands in, and ends; undefined outside of all blocks. */
  readonly around: string | undefined;
  readonly isClosed: boolean;
}

export interface Lines {
  readonly count: number;
  /** Keywords of the first few. */
  readonly keywords: readonly string[];
}

const indexes = new WeakMap<FileModel, ReadonlyMap<string, UnknownBlock>>();

/** The unknown block whose keyword stands at a place. */
export function unknownBlockAt(file: FileModel, span: Span): UnknownBlock | undefined {
  let index = indexes.get(file);
  if (index === undefined) {
    index = indexOf(file.root.statements);
    indexes.set(file, index);
  }
  return index.get(keyOf(span));
}

const keywordsKept = 5;

interface Level {
  readonly heading: string | undefined;
  readonly statements: readonly Statement[];
  /** Of the statement that is being looked at. */
  at: number;
}

function indexOf(statements: readonly Statement[]): ReadonlyMap<string, UnknownBlock> {
  const found = new Map<string, UnknownBlock>();
  const visit = (levels: readonly Level[]): void => {
    const level = levels.at(-1);
    for (const [at, statement] of level?.statements.entries() ?? []) {
      if (level === undefined || statement.block === undefined) continue;
      level.at = at;
      const { contents, statements: inner } = statement.block;
      if (contents === undefined) found.set(keyOf(statement.keyword), describe(statement, levels));
      else if (contents instanceof BlockValues) {
        visit([...levels, { heading: headingOf(statement), statements: inner, at: 0 }]);
      }
    }
  };
  visit([{ heading: undefined, statements, at: 0 }]);
  return found;
}

function describe({ block }: Statement, levels: readonly Level[]): UnknownBlock {
  // Outside of all blocks nothing is left to be closed
  const behind = levels.slice(1).toReversed();
  return {
    inside: linesOf([{ statements: block?.statements ?? [], from: 0 }]),
    after: linesOf(behind.map(({ statements, at }) => ({ statements, from: at + 1 }))),
    around: levels.at(-1)?.heading,
    isClosed: block?.close !== undefined,
  };
}

/** Looks at no more statements than it keeps: there may be very many, of blocks and of lines. */
function linesOf(
  parts: readonly { readonly statements: readonly Statement[]; readonly from: number }[],
): Lines {
  let count = 0;
  const keywords: string[] = [];
  for (const { statements, from } of parts) {
    const kept = statements.slice(from, from + keywordsKept - keywords.length);
    keywords.push(...kept.map(({ keywordValue }) => keywordValue));
    count += statements.length - from;
  }
  return { count, keywords };
}

function headingOf({ shape }: Statement): string {
  return [shape.keyword, ...shape.args].join(' ');
}

function keyOf({ file, start }: Span): string {
  return `${start} ${file}`;
}
