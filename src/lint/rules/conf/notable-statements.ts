/**
 * The few statements that some rules look for among all of a file, found in one walk: lines that name a command to run,
 * and keywords that not every release of keepalived knows. Nearly all words of a large file are neither, and cost a look
 * into a set each.
 */
import {
  type BlockSchema,
  BlockTemplate,
  type BlockValues,
  type FoundKeyword,
  findKeyword,
  type Given,
  isList,
  schema,
  valuesOfBlock,
} from '../../../config-parser/index.ts';
import { commandWords } from '../../command-words.ts';
import type { FileModel } from '../../model/index.ts';
import { allBlocks } from '../../reference/keywords.ts';

export type Statement = Given['statement'];

export interface DatedStatement {
  readonly found: FoundKeyword;
  /** Name of its block. */
  readonly block: string;
  readonly statement: Statement;
}

export interface NotableStatements {
  readonly commands: readonly Statement[];
  readonly dated: readonly DatedStatement[];
}

const known = new WeakMap<FileModel, NotableStatements>();

/** In the order of the file. */
export function notableStatements(file: FileModel): NotableStatements {
  let notable = known.get(file);
  if (notable === undefined) {
    notable = collect(file);
    known.set(file, notable);
  }
  return notable;
}

function collect({ root, words: written }: FileModel): NotableStatements {
  const words = wanted();
  if (![...written].some((word) => words.has(word))) return { commands: [], dated: [] };
  const commands: Statement[] = [];
  const dated: DatedStatement[] = [];
  const path: Statement[] = [];
  const visit = ({ statements }: BlockValues): void => {
    for (const statement of statements) {
      const word = statement.keywordValue;
      if (words.has(word)) {
        // misc_path has a rule of its own.
        const isCommand = commandWords.has(word) && word !== 'misc_path' && statement.block === undefined;
        if (isCommand) commands.push(statement);
        dated.push(...datedAt(statement, path));
      }
      const { block } = statement;
      const contents = block === undefined || isOrdinary(block, words) ? undefined : valuesOfBlock(block);
      if (contents === undefined) continue;
      path.push(statement);
      visit(contents);
      path.pop();
    }
  };
  visit(root);
  return { commands, dated };
}

/** Of many blocks with one inside it is looked at once whether there is anything in it. */
function isOrdinary({ contents }: NonNullable<Statement['block']>, words: ReadonlySet<string>): boolean {
  if (!(contents instanceof BlockTemplate)) return false;
  let isOrdinaryBlock = ordinary.get(contents);
  if (isOrdinaryBlock === undefined) {
    isOrdinaryBlock = ![...contents.words].some((word) => words.has(word));
    ordinary.set(contents, isOrdinaryBlock);
  }
  return isOrdinaryBlock;
}

const ordinary = new WeakMap<BlockTemplate, boolean>();

/** The tables along the way to a statement are asked only for those that may be dated. */
function datedAt(statement: Statement, path: readonly Statement[]): readonly DatedStatement[] {
  let block: BlockSchema = schema;
  for (const { keywordValue } of path) {
    const inner = findKeyword(block, keywordValue)?.entry.block;
    if (inner === undefined || isList(inner)) return [];
    block = inner;
  }
  const found = findKeyword(block, statement.keywordValue);
  if (found === undefined || !isDated(found.entry)) return [];
  return [{ found, block: block.name, statement }];
}

function isDated({ since, removed, isOwn }: FoundKeyword['entry']): boolean {
  return since !== undefined || removed !== undefined || isOwn === true;
}

let wantedWords: ReadonlySet<string> | undefined;

function wanted(): ReadonlySet<string> {
  wantedWords ??= new Set([...commandWords, ...datedWords()]);
  return wantedWords;
}

/** In all their spellings. */
function datedWords(): readonly string[] {
  return allBlocks().flatMap(({ block }) =>
    Object.entries(block.keywords).flatMap(([name, entry]) =>
      isDated(entry) ? [name, ...Object.keys(entry.aliases ?? {})] : [],
    ),
  );
}
