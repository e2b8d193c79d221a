import type { FileModel, InstanceModel, Tracked, TrackerKind } from '../../model/index.ts';
import { trackedBy } from '../../model/tracked.ts';
import { pairRule, type Report } from '../../rule.ts';
import { directors } from './example.ts';
import { forEachCounterpart, type Member } from './match-instances.ts';
import { noteAt } from './wording.ts';

const script = (command: string) => ({
  above: `vrrp_script chk_web {\n    script ${command}\n    interval 2\n}`,
  lines: ['track_script {', '    chk_web', '}'],
});

/** keepalived.conf(5): track_script, track_file, track_process, track_bfd. */
export const scriptMismatch = pairRule({
  name: 'pair/script-mismatch',
  level: 'warn',
  summary: 'A virtual router is watched differently on the directors',
  details: `What an instance tracks decides when its director gives the addresses away. A script, file, process or BFD
session that only one director tracks lets the addresses rest on the other although the same thing fails there; and under one
name another command may find something else. Compared are the names, and of scripts the command and its timing. Whether the
scripts themselves are there and say the same cannot be seen here: run \`holdfast lint --host\` on each director. A name that
stands for something of one host is told once.`,
  keepalived: 'silent',
  bad: directors(script('/usr/bin/true'), {}),
  good: directors(script('/usr/bin/true'), script('/usr/bin/true')),
  check: (nodes, report) => {
    const told = new Set<string>();
    forEachCounterpart(nodes, (first, second) => {
      reportLonely(first, second, told, report);
      reportLonely(second, first, told, report);
      for (const tracked of allTracked(second.node, second.instance)) {
        const key = `${second.node.name} ${tracked.kind} ${tracked.name}`;
        if (tracked.kind !== 'script' || told.has(key)) continue;
        told.add(key);
        reportScript(first, second, tracked, report);
      }
    });
  },
});

const names: Readonly<Record<TrackerKind, string>> = {
  interface: 'interface',
  script: 'script',
  file: 'file',
  process: 'process',
  bfd: 'BFD session',
};

function allTracked({ trackers }: FileModel, instance: InstanceModel): readonly Tracked[] {
  const { syncGroup } = instance;
  const ofGroup = syncGroup === undefined ? [] : trackedBy(syncGroup.values, trackers);
  return [...instance.tracked, ...ofGroup];
}

/** Interfaces have names of their own on each host. */
function reportLonely(watching: Member, other: Member, told: Set<string>, report: Report): void {
  const known = new Set(allTracked(other.node, other.instance).map(({ kind, name }) => `${kind} ${name}`));
  for (const { kind, name, span } of allTracked(watching.node, watching.instance)) {
    const key = `${watching.node.name} without ${other.node.name} ${kind} ${name}`;
    if (kind === 'interface' || known.has(`${kind} ${name}`) || told.has(key)) continue;
    told.add(key);
    report({
      at: span,
      message: `${names[kind]} ${name} is tracked on ${watching.node.name} and not on ${other.node.name}: while ${other.node.name} is Master of ${other.instance.name}, its failure moves nothing`,
      help: `track it in ${other.instance.name} of ${other.node.name} too`,
      notes: [noteAt(other, watching, other.instance.heading, 'it is not tracked here')],
    });
  }
}

const compared = ['script', 'interval', 'timeout', 'rise', 'fall', 'user', 'init_fail'] as const;

function reportScript(first: Member, second: Member, { name }: Tracked, report: Report): void {
  const theirs = first.node.trackers.script.get(name);
  const ours = second.node.trackers.script.get(name);
  if (theirs === undefined || ours === undefined) return;
  const keyword = compared.find(
    (candidate) => wordsOf(theirs.values, candidate) !== wordsOf(ours.values, candidate),
  );
  if (keyword === undefined) return;
  const [there, here] = [wordsOf(theirs.values, keyword), wordsOf(ours.values, keyword)];
  report({
    at: ours.values.last(keyword)?.heading ?? ours.heading,
    message: `script ${name} has ${textOf(keyword, here)} here and ${textOf(keyword, there)} on ${first.node.name}: the directors judge the same failure differently`,
    help: 'write the same on all directors',
    notes: [
      {
        span: theirs.values.last(keyword)?.heading ?? theirs.heading,
        message: `${textOf(keyword, there)}`,
      },
    ],
  });
}

type ScriptValues = NonNullable<ReturnType<FileModel['trackers']['script']['get']>>['values'];

function wordsOf(values: ScriptValues, keyword: (typeof compared)[number]): string | undefined {
  const given = values.last(keyword);
  return given?.statement.args.map(({ value }) => value).join(' ');
}

function textOf(keyword: string, words: string | undefined): string {
  if (words === undefined) return `no ${keyword}`;
  return words === '' ? keyword : `${keyword} ${words}`;
}
