import type { FileModel, InstanceModel } from '../../model/index.ts';
import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { hmacOf } from './hmac.ts';
import { matchInstances } from './match-instances.ts';
import { secondsText } from './wording.ts';

const signed = ['auth_hmac {', '    key 1 0123456789abcdef0123456789abcdef', '    active_key 1', '}'];

/** keepalived.conf(5): auth_hmac time_window; reload_time_file. */
export const timeSync = pairRule({
  name: 'pair/time-sync',
  level: 'info',
  summary: 'What is configured works only while the clocks of the directors agree',
  details: `An advertisement signed with \`auth_hmac\` carries the time, and is refused when it is older than the receiver's
\`time_window\` (three advertisement intervals, at least 5 s, unless written). When the clocks drift further apart than
that, each director refuses what the other sends, and both become Master. \`reload_time_file\` lets both directors reload at
the same moment, each by its own clock. Whether the clocks agree is in no file: run a time service on all directors, and
watch it.`,
  keepalived: 'silent',
  bad: directors({ lines: signed }, { lines: signed }),
  good: directors({}, {}),
  check: (nodes, report) => {
    const signing = matchInstances(nodes).routers.find(
      (members) => members.length > 1 && members.every(({ instance }) => dependsOnClock(instance)),
    );
    const [, second] = signing ?? [];
    if (second !== undefined) {
      const { instance, node } = second;
      report({
        at: instance.values.last('auth_hmac')?.heading ?? instance.heading,
        message: `auth_hmac refuses what is older than ${secondsText(windowMs(instance))}: when the clocks of the directors differ by more than that, both become Master`,
        help: `run a time service on ${node.name} and on the others, and watch it`,
      });
    }
    const [first, ...others] = nodes.flatMap(reloadTimeOf);
    const [other] = others;
    if (first === undefined || other === undefined) return;
    report({
      at: other,
      message:
        'reload_time_file makes each director reload by its own clock: when the clocks differ, so do the moments, and for that long the files do not agree',
      help: 'run a time service on all directors',
      notes: [{ span: first, message: 'reload_time_file of the other director' }],
    });
  },
});

function dependsOnClock(instance: InstanceModel): boolean {
  const values = instance.values.last('auth_hmac')?.values;
  return hmacOf(instance) !== undefined && (values?.value('anti_replay') ?? 'time') === 'time';
}

/** keepalived.conf(5): time_window: 1 to 300 s. */
function windowMs({ values, advertIntervalMs }: InstanceModel): number {
  const given = values.last('auth_hmac')?.values.value('time_window');
  if (given !== undefined) return Number(given) * 1000;
  return Math.min(Math.max(3 * advertIntervalMs, 5000), 300_000);
}

function reloadTimeOf({ globals }: FileModel) {
  return globals.spanOf('reload_time_file') ?? [];
}
