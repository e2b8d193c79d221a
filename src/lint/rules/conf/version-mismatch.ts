import type { FoundKeyword } from '../../../config-parser/index.ts';
import type { FileModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { Places } from '../lvs/places.ts';
import { instance, textOf } from './example.ts';
import { isIneffective } from './ineffective-option.ts';
import { notableStatements } from './notable-statements.ts';

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

/** Each keyword once. */
function datedPlaces(file: FileModel): Iterable<Dated> {
  const dated = new Map<string, Dated>();
  for (const { found, block, statement } of notableStatements(file).dated) {
    // What it does not do it does in no release
    if (isIneffective(block, found.name)) continue;
    const key = `${block} ${found.name}`;
    const known = dated.get(key) ?? { found, places: new Places() };
    known.places.addSpan(() => statement.spanOfWords(0));
    dated.set(key, known);
  }
  return dated.values();
}
