import type { InstanceModel } from '../../../model/index.ts';
import { fileRule, type Reported } from '../../../rule.ts';
import { Places } from '../../lvs/places.ts';
import { type Contribution, contributionsOf, sumText } from './counting-trackers.ts';
import { tracked } from './example.ts';

const lowest = 1;
/** 255 is the address owner's. */
const highest = 254;

/** keepalived.conf(5): track_script: the priority stays from 1 to 254. */
export const weightClamps = fileRule({
  name: 'vrrp/weight-clamps',
  level: 'warn',
  summary: 'Priority and weights together leave 1 to 254 and are cut',
  details: `The priority that counts is the base priority plus the weights of the moment, and it stays within 1 and 254: what
is above or below is cut. A cut hides failures. A director at 250 with weights of 10 and 20 stands at 254 with both checks
good, and still at 254 when the smaller fails; directors that lose more than they have all stand at 1. Move the base priority,
or make the weights smaller, so that the largest and the smallest sum stay inside.`,
  keepalived: 'silent',
  bad: tracked(['weight 20'], ['priority 250']),
  good: tracked(['weight 20'], ['priority 200']),
  check: ({ instances }, report) => {
    const tooLow: InstanceModel[] = [];
    for (const instance of instances) {
      const contributions = contributionsOf(instance);
      if (contributions.length === 0) continue;
      const high = above(instance, contributions);
      if (high !== undefined) report(high);
      if (sumOf(instance.priority, lossesOf(contributions)) < lowest) tooLow.push(instance);
    }
    const low = below(tooLow);
    if (low !== undefined) report(low);
  },
});

function above(instance: InstanceModel, contributions: readonly Contribution[]): Reported | undefined {
  const parts = contributions.map(most).filter((part) => part > 0);
  const total = sumOf(instance.priority, parts);
  if (total <= highest) return undefined;
  const state = contributions.every(({ whenGood, whenBad }) => whenGood >= whenBad)
    ? 'with all checks good'
    : 'at most';
  return {
    at: instance.at('priority'),
    message: `${state}, ${instance.name} comes to ${sumText(instance.priority, parts)} = ${total} and is cut to ${highest}: failures that cost no more than ${total - highest} change nothing`,
    help: `lower the priority to ${Math.max(highest - (total - instance.priority), lowest)} or less, on the peers by as much, or make the weights smaller`,
  };
}

/** Told once for a file: with every check bad there is little left to decide. */
function below(instances: readonly InstanceModel[]): Reported | undefined {
  const [first] = instances;
  if (first === undefined) return undefined;
  const losses = lossesOf(contributionsOf(first));
  const total = sumOf(first.priority, losses);
  const places = new Places();
  for (const instance of instances) places.addSpan(() => instance.at('priority'));
  return {
    at: places.first,
    level: 'info',
    message: `when all its checks fail, ${first.name} comes to ${sumText(first.priority, losses)} = ${total} and is raised to ${lowest}: two directors that are both that low stand level at ${lowest}, and the higher address decides`,
    help: `raise the priority to ${Math.min(first.priority + lowest - total, highest)} or more, on the peers by as much, or make the weights smaller`,
    notes: places.notes,
  };
}

function lossesOf(contributions: readonly Contribution[]): readonly number[] {
  return contributions.map(least).filter((part) => part < 0);
}

function most({ whenGood, whenBad }: Contribution): number {
  return Math.max(whenGood, whenBad);
}

function least({ whenGood, whenBad }: Contribution): number {
  return Math.min(whenGood, whenBad);
}

function sumOf(start: number, parts: readonly number[]): number {
  return parts.reduce((sum, part) => sum + part, start);
}
