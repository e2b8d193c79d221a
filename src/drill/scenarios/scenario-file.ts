/**
 * Scenarios of the operator's own, from YAML: steps of named actions, what is expected while it is broken, limits. Pure:
 * text to scenarios. What a name such as `master` stands for is settled when the scenario is played.
 */
import { parse } from 'yaml';
import { readLimits } from '../judge/limits.ts';
import type { Limit } from '../report/report.ts';
import { directorOut, mainMaster, unnoticed } from './expectations.ts';
import { parseTime } from './parse-time.ts';
import type { Expectation, Plan, Scenario, ScenarioContext, Skipped } from './scenario.ts';
import { actionsFor, type Step, stepNames, stepProblem } from './scenario-steps.ts';

export type ReadScenarios =
  | { readonly ok: true; readonly scenarios: readonly Scenario[] }
  /** Sentences; the file's name is in none of them. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** What `expect` may say of the Master's role while it is broken. */
const expectations = ['nothing', 'takeover', 'handover', 'anything'] as const;
type ExpectWord = (typeof expectations)[number];

interface Written {
  readonly name: string;
  readonly title: string;
  readonly inject: readonly Step[];
  readonly restore: readonly Step[];
  readonly expect: ExpectWord;
  readonly holdMs: number;
  readonly settleMs: number | undefined;
  readonly limits: readonly Limit[];
}

export function readScenarioFile(text: string): ReadScenarios {
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (error) {
    return { ok: false, problems: [error instanceof Error ? error.message : String(error)] };
  }
  const problems: string[] = [];
  const list = isRecord(raw) && Array.isArray(raw['scenarios']) ? raw['scenarios'] : undefined;
  if (list === undefined || list.length === 0)
    return { ok: false, problems: ['it must hold "scenarios:", a list with at least one'] };
  const written = list.flatMap((one, index) => readOne(one, `scenario ${index + 1}`, problems) ?? []);
  const twice = written.find(
    ({ name }, index) => written.findIndex((other) => other.name === name) !== index,
  );
  if (twice !== undefined) problems.push(`two scenarios are called ${twice.name}`);
  return problems.length === 0 ? { ok: true, scenarios: written.map(toScenario) } : { ok: false, problems };
}

const known = ['name', 'title', 'inject', 'restore', 'expect', 'hold', 'settle', 'limits'];

function readOne(value: unknown, where: string, problems: string[]): Written | undefined {
  if (!isRecord(value)) {
    problems.push(`${where} is not a mapping`);
    return undefined;
  }
  const name = typeof value['name'] === 'string' ? value['name'] : '';
  const place = name === '' ? where : name;
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    problems.push(
      `${where}: its name must be of lower-case letters, digits and hyphens, found ${JSON.stringify(value['name'])}`,
    );
  for (const key of Object.keys(value))
    if (!known.includes(key)) problems.push(`${place} does not know "${key}"; it knows ${known.join(', ')}`);
  const expect = expectations.find((one) => one === (value['expect'] ?? 'anything'));
  if (expect === undefined)
    problems.push(
      `${place}: expect is one of ${expectations.join(', ')}, found ${JSON.stringify(value['expect'])}`,
    );
  return {
    name,
    title: typeof value['title'] === 'string' ? value['title'] : name,
    inject: readSteps(value['inject'], `${place}, inject`, problems, true),
    restore: readSteps(value['restore'], `${place}, restore`, problems, false),
    expect: expect ?? 'anything',
    holdMs: readTime(value['hold'], `${place}, hold`, problems) ?? 3000,
    settleMs: readTime(value['settle'], `${place}, settle`, problems),
    limits: limitsIn(value['limits'], place, problems),
  };
}

function readSteps(value: unknown, where: string, problems: string[], isNeeded: boolean): readonly Step[] {
  if (value === undefined && !isNeeded) return [];
  if (!Array.isArray(value) || value.length === 0) {
    problems.push(`${where} must be a list of steps; steps are ${stepNames.join(', ')}`);
    return [];
  }
  return value.flatMap((one) => {
    const entries = isRecord(one) ? Object.entries(one) : [];
    const [entry] = entries;
    if (entry === undefined || entries.length !== 1) {
      problems.push(
        `${where}: each step is one name with its argument, as in "- stop: master"; found ${JSON.stringify(one)}`,
      );
      return [];
    }
    const [name, argument] = entry;
    const problem = stepProblem(name, argument);
    if (problem !== undefined) problems.push(`${where}: ${problem}`);
    return [{ name, argument }];
  });
}

function limitsIn(value: unknown, where: string, problems: string[]): readonly Limit[] {
  if (value === undefined) return [];
  const texts = (Array.isArray(value) ? value : [value]).map(String);
  return texts.flatMap((text) => {
    const read = readLimits(text);
    if (read.ok) return read.limits;
    problems.push(`${where}, limits: ${read.problem}`);
    return [];
  });
}

function readTime(value: unknown, where: string, problems: string[]): number | undefined {
  if (value === undefined) return undefined;
  const ms = parseTime(value);
  if (ms === undefined)
    problems.push(`${where} is a time such as 3s or 500ms, found ${JSON.stringify(value)}`);
  return ms;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toScenario(written: Written): Scenario {
  const { name, title } = written;
  return {
    name,
    title,
    description: 'A scenario of your own.',
    plan: (context) => planFor(written, context),
  };
}

function planFor(written: Written, context: ScenarioContext): Plan | Skipped {
  const inject = actionsFor(written.inject, context);
  const restore = actionsFor(written.restore, context);
  if (typeof inject === 'string') return { skip: inject };
  if (typeof restore === 'string') return { skip: restore };
  const expect = expectationFor(written.expect, context);
  const settleLimitMs = written.settleMs ?? expect.settleLimitMs;
  return {
    inject,
    restore,
    holdMs: written.holdMs,
    expect: { ...expect, settleLimitMs },
    limits: written.limits,
  };
}

function expectationFor(word: ExpectWord, context: ScenarioContext): Expectation {
  if (word === 'nothing') return unnoticed(context);
  if (word === 'takeover') return directorOut(context, mainMaster(context), 'silent');
  const handover = directorOut(context, mainMaster(context), 'released');
  if (word === 'handover') return handover;
  const why = 'the scenario expects anything';
  const { outageLimitMs: _any, failbackOutageLimitMs: _anyEither, ...rest } = handover;
  return {
    ...rest,
    routers: context.routers.map(({ name }) => ({
      router: name,
      whileBroken: { kind: 'open', why },
      afterRestore: undefined,
    })),
    disturbance: { kind: 'while-broken', why },
    restoreDisturbance: 'until-settled',
  };
}
