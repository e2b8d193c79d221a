import type { BlockValues, Span } from '../../../config-parser/index.ts';
import type { CheckerModel, RealServerModel } from '../../model/index.ts';
import { pairRule } from '../../rule.ts';
import { directors, service } from './example.ts';
import { matchServices, realServersByName, type ServicePair } from './services.ts';
import { listText, secondsText } from './wording.ts';

/** keepalived.conf(5): the checkers of real_server. */
export const healthMismatch = pairRule({
  name: 'pair/health-mismatch',
  level: 'warn',
  summary: 'Directors check a real server differently',
  details: `Both directors check all real servers all the time, the Backup too. With other checks or other times they come to
different conclusions: at a failover servers come back that the old Master had taken out, or good ones vanish. Compared are
which checks a real server has, what they ask, and \`delay_loop\`, \`retry\`, \`delay_before_retry\`, \`connect_timeout\` and
\`connect_port\` with what is inherited and the defaults. Servers that differ in
the same way are told together.`,
  keepalived: 'silent',
  bad: directors({ below: service(['retry 3']) }, { below: service(['retry 1']) }),
  good: directors({ below: service(['retry 3']) }, { below: service(['retry 3']) }),
  check: (nodes, report) => {
    const alike = new Map<string, Alike>();
    for (const pair of matchServices(nodes).pairs) {
      for (const differing of differingServers(pair)) {
        const key = `${pair.first.name} ${pair.second.name} ${differing.differences.join(' ')}`;
        const known = alike.get(key) ?? { first: differing, there: pair.first.name, services: [], count: 0 };
        if (known.services.at(-1) !== pair.ours.name) known.services.push(pair.ours.name);
        known.count += 1;
        alike.set(key, known);
      }
    }
    for (const { first, there, services, count } of alike.values()) {
      const more = count === 1 ? ' is' : ` and ${count - 1} more of ${listText(services, 3)} are`;
      report({
        at: first.at,
        message: `${first.name}${more} checked differently on ${there}: ${listText(first.differences)}`,
        help: 'write the same checks on all directors',
        notes: [{ span: first.other, message: 'the checks there' }],
      });
    }
  },
});

interface Differing {
  readonly name: string;
  readonly at: Span;
  readonly other: Span;
  readonly differences: readonly string[];
}

/** Servers that differ in the same way: mostly one line that they inherit, or one template. */
interface Alike {
  readonly first: Differing;
  readonly there: string;
  readonly services: string[];
  count: number;
}

function differingServers({ theirs, ours }: ServicePair): readonly Differing[] {
  const known = realServersByName(theirs);
  const differing: Differing[] = [];
  for (const [name, server] of realServersByName(ours)) {
    const other = known.get(name);
    if (other === undefined) continue;
    const differences = compareServers(other, server);
    if (differences.length === 0) continue;
    differing.push({ name, at: placeOf(server), other: placeOf(other), differences });
  }
  return differing;
}

function placeOf({ checkers, heading }: RealServerModel): Span {
  return checkers[0]?.heading ?? heading;
}

function compareServers(theirs: RealServerModel, ours: RealServerModel): readonly string[] {
  const [there, here] = [kindsOf(theirs), kindsOf(ours)];
  if (there !== here) return [`it has ${here} here and ${there} there`];
  const differences = ours.checkers.flatMap((checker, index) => {
    const other = theirs.checkers[index];
    return other === undefined ? [] : compareCheckers(other, checker);
  });
  return [...new Set(differences)];
}

function kindsOf({ checkers }: RealServerModel): string {
  if (checkers.length === 0) return 'no check';
  return checkers.map(({ kind }) => kind).join(' and ');
}

function compareCheckers(theirs: CheckerModel, ours: CheckerModel): readonly string[] {
  const { kind } = ours;
  const values: readonly (readonly [string, string, string])[] = [
    ['delay_loop', secondsText(ours.delayLoopMs), secondsText(theirs.delayLoopMs)],
    ['connect_timeout', secondsText(ours.connectTimeoutMs), secondsText(theirs.connectTimeoutMs)],
    ['retry', String(ours.retry), String(theirs.retry)],
    ['delay_before_retry', secondsText(ours.delayBeforeRetryMs), secondsText(theirs.delayBeforeRetryMs)],
    ['connect_port', String(ours.connectPort), String(theirs.connectPort)],
  ];
  const differing = values
    .filter(([, here, there]) => here !== there)
    .map(([label, here, there]) => `${label} of ${kind} is ${here} here and ${there} there`);
  if (differing.length > 0 || contentOf(ours.values) === contentOf(theirs.values)) return differing;
  return [`${kind} asks something else`];
}

/** Of each director's own, or of nothing that changes the verdict. */
const notCompared = new Set([
  'delay_loop',
  'connect_timeout',
  'retry',
  'delay_before_retry',
  'connect_port',
  'bindto',
  'bind_if',
  'bind_port',
  'warmup',
  'log_all_failures',
]);

function contentOf(values: BlockValues): string {
  return values.given
    .filter(({ keyword }) => !notCompared.has(keyword))
    .map(({ keyword, statement, values: inner }) => {
      const words = statement.args.map(({ value }) => value).join(' ');
      return `${keyword} ${words} {${contentOf(inner)}}`;
    })
    .toSorted()
    .join('\n');
}
