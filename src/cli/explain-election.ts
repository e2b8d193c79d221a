/** `holdfast explain election lb01.conf lb02.conf`: who is Master when, computed and not tried. */
import { basename } from 'node:path';
import { hasFatal } from '../config-parser/index.ts';
import {
  conditionsOf,
  type DomainOutcome,
  decideElection,
  describeCondition,
  type Election,
  type ElectionNode,
  type Outcome,
} from '../election/index.ts';
import { formatTable } from './ctl-table.ts';
import { formatDiagnostic } from './format-diagnostic.ts';
import { parseFiles, withKeyFiles } from './read-configuration.ts';
import type { Streams } from './streams.ts';

export interface ElectionCommand {
  readonly files: readonly string[];
  readonly json: boolean;
  /** Undefined: as many as make a table that can be read. */
  readonly atOnce: number | undefined;
}

const allWell = 0;
const someBad = 1;
const unreadable = 2;

/** Rows that one still reads. */
const readableRows = 80;

export function explainElection(command: ElectionCommand, streams: Streams): number {
  const nodes = command.files.map((file, index) => readNode(file, command.files, index, streams));
  if (nodes.some((node) => node === undefined)) return unreadable;
  const known = nodes.filter((node) => node !== undefined);
  if (known.every(({ config }) => config.vrrpInstances.length === 0)) {
    streams.error('holdfast explain election: no vrrp_instance in these files\n');
    return unreadable;
  }
  const atOnce = command.atOnce ?? readableDepth(conditionsOf(known).length);
  const election = decideElection(known, { atOnce });
  if (command.json) streams.out(`${JSON.stringify(election)}\n`);
  else streams.out(describeElection(election, atOnce));
  return singleFailures(election).every((outcome) => isGood(outcome, known.length)) ? allWell : someBad;
}

/** Named by its file; two of one name by their place as well. */
function readNode(
  file: string,
  files: readonly string[],
  index: number,
  streams: Streams,
): ElectionNode | undefined {
  const name = basename(file).replace(/\.conf$/, '');
  // Lines for one node alone (@lb01) are those of the node that the file is named after.
  const { config, diagnostics, sources } = withKeyFiles(
    parseFiles({ file, configId: name, allConfig: false }),
  );
  const isShared = files.some((other, at) => at !== index && basename(other) === basename(file));
  if (!hasFatal(diagnostics)) return { name: isShared ? `${name} ${index + 1}` : name, config };
  for (const diagnostic of diagnostics.filter(({ severity }) => severity === 'fatal')) {
    streams.error(`${formatDiagnostic(diagnostic, sources)}\n`);
  }
  return undefined;
}

/** All at once where that is few enough. */
function readableDepth(conditions: number): number {
  let rows = 1;
  let added = 1;
  for (let depth = 1; depth <= conditions; depth += 1) {
    added = (added * (conditions - depth + 1)) / depth;
    rows += added;
    if (rows > readableRows) return Math.max(1, depth - 1);
  }
  return conditions;
}

function singleFailures({ outcomes }: Election): readonly Outcome[] {
  return outcomes.filter(({ down }) => down.length <= 1);
}

/** With at most one thing down, a pair has one Master. */
function isGood({ domains, isSettled, down }: Outcome, nodes: number): boolean {
  const isLonely = nodes === 1 && down.length > 0;
  return isSettled && (isLonely || domains.every(({ masters }) => masters.length === 1));
}

export function describeElection(election: Election, atOnce: number): string {
  const names = election.outcomes[0]?.domains.map(({ domain }) => domain) ?? [];
  const sections = names.map((domain) => domainSection(election, domain));
  const notes = election.notes.map((note) => `note: ${note}`);
  const limit = [`With at most ${atOnce} ${atOnce === 1 ? 'thing' : 'things'} down at a time (--at-once).`];
  return [...sections, [...notes, ...limit]].map((lines) => `${lines.join('\n')}\n`).join('\n');
}

function domainSection({ nodes, outcomes }: Election, domain: string): string[] {
  const rows = outcomes.flatMap((outcome) => {
    const found = outcome.domains.find((one) => one.domain === domain);
    return found === undefined ? [] : [{ cells: cells(outcome, found, nodes) }];
  });
  const instances = outcomes[0]?.domains.find((one) => one.domain === domain)?.nodes ?? [];
  const title = `${domain}: ${[...new Set(instances.map(({ instance }) => instance))].join(', ')}`;
  return [
    title,
    ...formatTable(['  DOWN', 'MASTER', ...nodes.map((name) => name.toUpperCase()), 'WHEN MENDED'], rows),
  ];
}

function cells(outcome: Outcome, found: DomainOutcome, nodes: readonly string[]): string[] {
  const down = outcome.down.map(describeCondition).join(', ');
  return [
    `  ${down === '' ? 'nothing' : down}`,
    outcome.isSettled ? mastersText(found.masters) : 'NEVER AT REST',
    ...nodes.map((name) => found.nodes.find(({ node }) => node === name)?.priority ?? '-'),
    mastersText(found.mastersWhenMended),
  ];
}

function mastersText(masters: readonly string[]): string {
  if (masters.length === 0) return 'NOBODY';
  return masters.length === 1 ? (masters[0] ?? '') : `BOTH ${masters.join(' and ')}`;
}
