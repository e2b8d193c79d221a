/**
 * Every word of keepalived.conf(5) that concerns services and their checks, from the keyword tables: the keywords of its
 * blocks, and the words on the lines of some keywords. A word that a table gains is here by itself.
 */
import {
  type BlockSchema,
  globalDefs,
  isList,
  root,
  virtualServer,
} from '../../src/config-parser/schema/index.ts';
import { type CoveredWord, ofLvs } from './keywords.ts';
import { optionsIn } from './syntax-options.ts';

export function lvsWords(): readonly CoveredWord[] {
  return [
    ...keywordsOf(root, '', ofLvs['']),
    ...keywordsOf(globalDefs, 'global_defs', ofLvs.global_defs),
    ...keywordsIn(virtualServer, 'virtual_server'),
    ...(root.keywords.SSL.block === undefined ? [] : keywordsIn(root.keywords.SSL.block, 'SSL')),
    ...onLines(),
  ];
}

function keywordsOf(block: BlockSchema, name: string, words: readonly string[]): readonly CoveredWord[] {
  return words.map((word) => ({ block: name, word, actedOn: block.keywords[word]?.actedOn ?? false }));
}

function keywordsIn(block: BlockSchema, name: string): readonly CoveredWord[] {
  return Object.entries(block.keywords).flatMap(([word, entry]) => [
    { block: name, word, actedOn: entry.actedOn },
    ...(entry.block === undefined || isList(entry.block)
      ? []
      : keywordsIn(entry.block, innerName(name, word))),
  ]);
}

/** `real_server`, `TCP_CHECK`, `HTTP_GET > url`: where a block stands is known from its name, save these. */
function innerName(outer: string, word: string): string {
  return word === 'url' || word === 'host' ? `${outer} > ${word}` : word;
}

function onLines(): readonly CoveredWord[] {
  const { lb_algo, lb_kind, protocol } = virtualServer.keywords;
  const { lvs_timeouts, lvs_sync_daemon } = globalDefs.keywords;
  const entry = root.keywords.virtual_server_group.block?.entry.syntax ?? '';
  return [
    ...words('protocol', protocol.argument.choices ?? []),
    ...words('lb_algo', lb_algo.argument.choices ?? []),
    ...words('lb_kind', [...(lb_kind.argument.choices ?? []), ...optionsIn(lb_kind.argument.syntax)]),
    ...words('lvs_timeouts', optionsIn(lvs_timeouts.argument.syntax)),
    ...words('lvs_sync_daemon', optionsIn(lvs_sync_daemon.argument.syntax)),
    ...words('a line of virtual_server_group', [...optionsIn(entry), 'fwmark']),
  ];
}

function words(block: string, some: readonly string[]): readonly CoveredWord[] {
  return [...new Set(some)].map((word) => ({ block, word, actedOn: true }));
}
