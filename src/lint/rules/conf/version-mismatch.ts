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
file. holdfast knows them all, and some of its own, such as \`attempt_timeout\` and \`FULLNAT\`, which no keepalived knows.`,
  keepalived: 'reports',
  bad: textOf(instance('VI_1', ['v3_checksum_as_v2'])),
  good: textOf(instance('VI_1')),
  check: (file, report) => {
    for (const { found, places } of datedPlaces(file)) {
      report({ at: places.first, ...explain(found), notes: places.notes });
    }
    const fullNat = fullNatPlaces(file);
    if (fullNat.count === 0) return;
    report({
      at: fullNat.first,
      message:
        'FULLNAT is a method of holdfast: keepalived says that it does not know it and uses NAT, so that answers of servers which have no route through the director are lost',
      help: 'run holdfast on every director that reads this',
      notes: fullNat.notes,
    });
  },
});

function explain({ name, entry }: FoundKeyword): { readonly message: string; readonly help: string } {
  const { since, removed, isOwn, block } = entry;
  const loss =
    block === undefined ? 'goes on without the line' : 'loses its block, and the rest of the one around it';
  const says = `says "Unknown keyword" and ${loss}`;
  if (isOwn === true) {
    return {
      message: `"${name}" is a word of holdfast: keepalived ${says}`,
      help: 'run holdfast on every director that reads this, or delete it',
    };
  }
  if (removed !== undefined) {
    return {
      message: `"${name}" is not known to keepalived ${removed} and newer: it ${says}`,
      help: 'delete it',
    };
  }
  return {
    message: `"${name}" is known since keepalived ${since}: an older one ${says}`,
    help: `run keepalived ${since} or newer on every director that reads this, or delete it`,
  };
}

const methodKeywords = ['lb_kind', 'sorry_server_lvs_method'] as const;

function fullNatPlaces({ virtualServers, words }: FileModel): Places {
  const places = new Places();
  const isUsed = [...words].some((word) => /^(?:lb_kind|(?:sorry_server_)?lvs_method)$/.test(word));
  if (!isUsed) return places;
  for (const { values, realServers, forwarding } of virtualServers) {
    for (const keyword of methodKeywords) {
      const given = values.last(keyword);
      if (given?.value.forwarding === 'FULLNAT') places.addSpan(() => given.span);
    }
    for (const server of realServers) {
      const isOwn = server.forwarding === 'FULLNAT' && forwarding !== 'FULLNAT';
      if (isOwn) places.addSpan(() => server.at('lvs_method'));
    }
  }
  return places;
}

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
