/** The report as JUnit XML, as continuous-integration servers read it: a suite a scenario, a case a finding. Pure. */
import type { CleanUpProof, DrillReport, ReportFinding, ScenarioReport, ScenarioRun } from '../report.ts';
import { formatCommand } from './command-line.ts';
import { durationBetween, formatFigure } from './numbers.ts';
import { escapeMarkup } from './safe-text.ts';
import { verdictWords } from './words.ts';

interface Case {
  readonly name: string;
  readonly seconds: number;
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  readonly message?: string;
  readonly text?: string;
}

interface Suite {
  readonly name: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly properties: readonly (readonly [string, string])[];
  readonly cases: readonly Case[];
}

/** Times are in seconds. Ends with a newline. */
export function renderJunit(report: DrillReport): string {
  const suites = [
    ...drillSuite(report),
    ...report.scenarios.map((scenario) => scenarioSuite(report, scenario)),
    ...cleanUpSuite(report, report.cleanUp),
  ];
  const seconds = (durationBetween(report.startedAt, report.endedAt) ?? 0) / 1000;
  const attributes = tallies(suites.flatMap(({ cases }) => cases));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="holdfast drill" ${attributes} time="${seconds.toFixed(3)}">`,
    ...suites.map(formatSuite),
    '</testsuites>\n',
  ].join('\n');
}

/** Only where the drill as a whole did not come to its end, or played nothing. */
function drillSuite(report: DrillReport): readonly Suite[] {
  const { verdict, reason, startedAt, scenarios } = report;
  if (scenarios.length > 0 && (verdict === 'pass' || verdict === 'fail' || verdict === 'skipped')) return [];
  const message = reason ?? `The drill ${verdictWords[verdict]}.`;
  const outcome = verdict === 'pass' ? 'passed' : verdict === 'skipped' ? 'skipped' : 'error';
  const one: Case = { name: 'the drill runs to its end', seconds: 0, outcome, message };
  const properties = [['command', formatCommand(report.command)]] as const;
  return [{ name: 'drill', startedAt, seconds: 0, properties, cases: [one] }];
}

function scenarioSuite(report: DrillReport, scenario: ScenarioReport): Suite {
  const beganAtMs = scenario.runs[0]?.beganAtMs;
  return {
    name: `drill.${scenario.name}`,
    startedAt: beganAtMs === undefined ? report.startedAt : isoOf(beganAtMs, report.startedAt),
    seconds: scenario.runs.reduce((sum, run) => sum + secondsOf(run), 0),
    properties: propertiesOf(report, scenario),
    cases: casesOf(scenario),
  };
}

function isoOf(atMs: number, otherwise: string): string {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? otherwise : date.toISOString();
}

function secondsOf({ beganAtMs, endedAtMs }: ScenarioRun): number {
  const seconds = (endedAtMs - beganAtMs) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}

function propertiesOf({ seed }: DrillReport, scenario: ScenarioReport): Suite['properties'] {
  const figures = scenario.summary.flatMap(
    ({ name, median, max, unit, expected }): readonly (readonly [string, string])[] => [
      [`${name}.median`, formatFigure(median, unit)],
      [`${name}.max`, formatFigure(max, unit)],
      ...(expected === undefined ? [] : [[`${name}.expected`, formatFigure(expected, unit)] as const]),
    ],
  );
  return [['title', scenario.title], ['seed', String(seed)], ...figures];
}

/** No verdict is lost: one that no finding explains gets a case of its own. */
function casesOf(scenario: ScenarioReport): readonly Case[] {
  const cases = scenario.runs.flatMap((run) => runCases(scenario, run));
  const isSaid = {
    pass: cases.length > 0,
    fail: cases.some(({ outcome }) => outcome === 'failure'),
    skipped: cases.some(({ outcome }) => outcome === 'skipped'),
    aborted: cases.some(({ outcome }) => outcome === 'error'),
    'could-not-run': cases.some(({ outcome }) => outcome === 'error'),
  }[scenario.verdict];
  return isSaid ? cases : [verdictCase(scenario.title, 0, scenario), ...cases];
}

function runCases(scenario: ScenarioReport, run: ScenarioRun): readonly Case[] {
  const prefix = scenario.runs.length > 1 ? `run ${run.run}: ` : '';
  const seconds = run.findings.length === 0 ? 0 : secondsOf(run) / run.findings.length;
  const cases = run.findings.map((finding) => findingCase(prefix, seconds, finding));
  const isJudged = run.verdict === 'pass' || run.verdict === 'fail';
  return isJudged ? cases : [verdictCase(`${prefix}${scenario.title}`, secondsOf(run), run), ...cases];
}

function findingCase(prefix: string, seconds: number, finding: ReportFinding): Case {
  const name = `${prefix}${finding.what} [${finding.id}]`;
  if (finding.holds) return { name, seconds, outcome: 'passed' };
  const message = `${finding.measured}; limit: ${finding.limit}`;
  return { name, seconds, outcome: 'failure', message, text: finding.explanation ?? message };
}

function verdictCase(
  name: string,
  seconds: number,
  { verdict, reason }: Pick<ScenarioReport, 'verdict' | 'reason'>,
): Case {
  const message = reason ?? verdictWords[verdict];
  if (verdict === 'pass') return { name, seconds, outcome: 'passed' };
  if (verdict === 'fail') return { name, seconds, outcome: 'failure', message, text: message };
  if (verdict === 'skipped') return { name, seconds, outcome: 'skipped', message };
  return { name, seconds, outcome: 'error', message, text: message };
}

function cleanUpSuite({ endedAt }: DrillReport, cleanUp: CleanUpProof | undefined): readonly Suite[] {
  if (cleanUp === undefined) return [];
  const cases = cleanUp.checks.map(
    ({ what, holds, found }): Case =>
      holds
        ? { name: what, seconds: 0, outcome: 'passed' }
        : { name: what, seconds: 0, outcome: 'failure', message: found, text: found },
  );
  return [{ name: 'drill.clean-up', startedAt: endedAt, seconds: 0, properties: [], cases }];
}

function formatSuite(suite: Suite): string {
  const { name, startedAt, seconds, properties, cases } = suite;
  const head = `  <testsuite name="${escapeMarkup(name)}" ${tallies(cases)} time="${seconds.toFixed(3)}" timestamp="${escapeMarkup(startedAt)}">`;
  const values = properties.map(
    ([key, value]) => `      <property name="${escapeMarkup(key)}" value="${escapeMarkup(value)}"/>`,
  );
  return [
    head,
    ...(values.length === 0 ? [] : ['    <properties>', ...values, '    </properties>']),
    ...cases.map((one) => formatCase(name, one)),
    '  </testsuite>',
  ].join('\n');
}

function tallies(cases: readonly Case[]): string {
  const count = (outcome: Case['outcome']): number => cases.filter((one) => one.outcome === outcome).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

function formatCase(suite: string, { name, seconds, outcome, message, text }: Case): string {
  const head = `    <testcase classname="${escapeMarkup(suite)}" name="${escapeMarkup(name)}" time="${seconds.toFixed(3)}"`;
  if (outcome === 'passed') return `${head}/>`;
  const said = message === undefined ? '' : ` message="${escapeMarkup(message)}"`;
  const inner =
    text === undefined ? `<${outcome}${said}/>` : `<${outcome}${said}>${escapeMarkup(text)}</${outcome}>`;
  return `${head}>\n      ${inner}\n    </testcase>`;
}
