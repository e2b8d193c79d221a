/** What keepalived makes of the lines in and after a block that it does not know. */
import { BlockValues, type Given, type Span } from '../../../config-parser/index.ts';
import type { FileModel } from '../../model/index.ts';

type Statement = Given['statement'];

export interface UnknownBlock {
  /** Keywords of the lines inside, which are read one level too far out. */
  readonly inside: readonly string[];
  /** Of the lines behind it in the blocks around, which are read one level too far out as well. */
  readonly after: readonly string[];
  /** Heading of the block that it stands in, and ends; undefined outside of all blocks. */
  readonly around: string | undefined;
  readonly isClosed: boolean;
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

/** Mostly a handful of keywords is wanted of what stands behind; blocks with very many lines are cut there. */
const mostLines = 1000;

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
    inside: (block?.statements ?? []).slice(0, mostLines).map(({ keywordValue }) => keywordValue),
    after: behind.flatMap(({ statements, at }) =>
      statements.slice(at + 1, at + 1 + mostLines).map(({ keywordValue }) => keywordValue),
    ),
    around: levels.at(-1)?.heading,
    isClosed: block?.close !== undefined,
  };
}

function headingOf({ shape }: Statement): string {
  return [shape.keyword, ...shape.args].join(' ');
}

function keyOf({ file, start }: Span): string {
  return `${start} ${file}`;
}
