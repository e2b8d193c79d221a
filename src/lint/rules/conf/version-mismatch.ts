import {
  type BlockSchema,
  BlockValues,
  type FoundKeyword,
  findKeyword,
  isList,
  type Span,
  schema,
} from '../../../config-parser/index.ts';
import type { FileModel } from '../../model/index.ts';
import { allBlocks } from '../../reference/keywords.ts';
import { fileRule } from '../../rule.ts';
import { Places } from '../lvs/places.ts';
import { instance, textOf } from './example.ts';

/** keepalived.conf(5) of several releases; the tables say since when a keyword is known, where that is later than 2.2.7. */
export const confVersionMismatch = fileRule({
  name: 'conf/version-mismatch',
  level: 'warn',
  summary: 'A keyword is not known to every keepalived in use',
  details: `Debian 12 has keepalived 2.2.7 and others have 2.2.8, and some keywords are known since 2.4 only. An older keepalived
says "Unknown keyword" and goes on without the line; where the keyword opens a block, its closing brace ends the block around it.
As long as one director runs the older release, or may have to go back to it, leave the word out or let that director read its own
file. holdfast knows them all.`,
  keepalived: 'reports',
  bad: textOf(instance('VI_1', ['v3_checksum_as_v2'])),
  good: textOf(instance('VI_1')),
  check: (file, report) => {
    for (const { found, places } of datedPlaces(file)) {
      const { since, removed } = found.entry;
      const isBlock = found.entry.block !== undefined;
      const loss = isBlock
        ? 'loses its block, and the rest of the one around it'
        : 'goes on without the line';
      const message =
        removed === undefined
          ? `"${found.name}" is known since keepalived ${since}: an older one says "Unknown keyword" and ${loss}`
          : `"${found.name}" is not known to keepalived ${removed} and newer: it says "Unknown keyword" and ${loss}`;
      report({
        at: places.first,
        message,
        help:
          removed === undefined
            ? `run keepalived ${since} or newer on every director that reads this, or delete it`
            : 'delete it',
        notes: places.notes,
      });
    }
  },
});

interface Dated {
  readonly found: FoundKeyword;
  readonly places: Places;
}

/** Each keyword once. Nearly all words of a large file are not dated, and are asked for nothing else. */
function datedPlaces({ root }: FileModel): Iterable<Dated> {
  const words = datedWords();
  const dated = new Map<string, Dated>();
  const visit = (block: BlockSchema, { statements }: BlockValues): void => {
    for (const statement of statements) {
      const contents = statement.block?.contents;
      const isBlock = contents instanceof BlockValues;
      if (!isBlock && !words.has(statement.keywordValue)) continue;
      const found = findKeyword(block, statement.keywordValue);
      if (found === undefined) continue;
      const { since, removed } = found.entry;
      const isKept = since === undefined && removed === undefined;
      if (!isKept) add(dated, `${block.name} ${found.name}`, found, () => statement.spanOfWords(0));
      const table = found.entry.block;
      if (isBlock && table !== undefined && !isList(table)) visit(table, contents);
    }
  };
  visit(schema, root);
  return dated.values();
}

function add(dated: Map<string, Dated>, key: string, found: FoundKeyword, span: () => Span): void {
  const known = dated.get(key) ?? { found, places: new Places() };
  known.places.addSpan(span);
  dated.set(key, known);
}

let known: ReadonlySet<string> | undefined;

/** In all their spellings. */
function datedWords(): ReadonlySet<string> {
  known ??= new Set(
    allBlocks().flatMap(({ block }) =>
      Object.entries(block.keywords).flatMap(([name, { since, removed, aliases = {} }]) =>
        since === undefined && removed === undefined ? [] : [name, ...Object.keys(aliases)],
      ),
    ),
  );
  return known;
}
