/** `holdfast drill`: from the command line to a lab on the right kernel, and from its report to files and an exit status. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { hasFatal, parseConfig } from '../config-parser/index.ts';
import { readLimits } from '../drill/judge/limits.ts';
import { readFormerReport } from '../drill/report/compare-former.ts';
import type { DrillReport, Limit } from '../drill/report/report.ts';
import { runDrillOnKernel } from '../drill/run-drill-on-kernel.ts';
import { scenarios as builtIn } from '../drill/scenarios/index.ts';
import type { Scenario } from '../drill/scenarios/scenario.ts';
import { readScenarioFile } from '../drill/scenarios/scenario-file.ts';
import { deriveTopology } from '../drill/topology/derive-topology.ts';
import {
  noOverrides,
  readTopologyOverrides,
  type TopologyOverrides,
} from '../drill/topology/topology-overrides.ts';
import type { NodeConfig } from '../drill/virtual-routers.ts';
import { holdfastPackage } from '../kernel/package-root.ts';
import { performLiveDrill } from './drill-live.ts';
import type { DrillCommand } from './drill-options.ts';
import { environmentOf } from './environment.ts';
import { formatDiagnostic } from './format-diagnostic.ts';
import { nodeName } from './lint-nodes.ts';
import { sourceFiles } from './source-files.ts';
import type { Streams } from './streams.ts';

/** It could not run. */
const unable = 2;

export async function performDrill(command: DrillCommand, streams: Streams): Promise<number> {
  if (command.listsScenarios) return listScenarios(streams);
  if (command.live !== undefined) return performLiveDrill(command, command.live, streams);
  const trouble = (lines: readonly string[]): number => {
    for (const line of lines) streams.error(`error: ${line}\n`);
    return unable;
  };
  if (command.files.length < 2)
    return trouble([
      'name the configuration files of two directors or more, as in: holdfast drill lb01.conf lb02.conf',
    ]);
  const limits = limitsOf(command);
  if (typeof limits === 'string') return trouble([limits]);
  const wanted = scenariosOf(command);
  if ('problems' in wanted) return trouble(wanted.problems);
  const nodes = readNodes(command, streams);
  if (nodes === undefined) return unable;
  const stranger = [...command.daemonOf.keys()].find((name) => nodes.every((node) => node.name !== name));
  if (stranger !== undefined)
    return trouble([
      `--daemon ${stranger}=…: there is no node ${stranger}; there are ${nodes.map(({ name }) => name).join(', ')}`,
    ]);
  const overrides = overridesOf(command);
  if ('problems' in overrides) return trouble(overrides.problems);
  const former = formerOf(command);
  if (typeof former === 'string') return trouble([former]);
  const derived = deriveTopology(nodes, overrides);
  if (!derived.ok) return trouble(derived.problems);
  return runDrillOnKernel({
    ...command,
    ...derived,
    nodes,
    topologyFor: (others) => deriveTopology(others, overrides),
    limits,
    scenarios: wanted.scenarios,
    readerOf: (file) => sourceFiles(file),
    holdfastVersion: holdfastPackage().version,
    former,
    colour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
    columns: process.stdout.columns ?? 100,
    streams,
  });
}

function listScenarios(streams: Streams): number {
  const width = Math.max(...builtIn.map(({ name }) => name.length));
  for (const { name, title } of builtIn) streams.out(`${name.padEnd(width)}  ${title}\n`);
  return 0;
}

function limitsOf({ slo }: DrillCommand): readonly Limit[] | string {
  const limits: Limit[] = [];
  for (const text of slo) {
    const read = readLimits(text);
    if (!read.ok) return `--slo: ${read.problem}`;
    limits.push(...read.limits);
  }
  return limits;
}

type Wanted = { readonly scenarios: readonly Scenario[] } | { readonly problems: readonly string[] };

function scenariosOf({ scenarios: names, scenarioFiles }: DrillCommand): Wanted {
  const own: Scenario[] = [];
  for (const file of scenarioFiles) {
    const text = readText(file);
    if (text === undefined) return { problems: [`--scenario-file ${file}: it cannot be read`] };
    const read = readScenarioFile(text);
    if (!read.ok) return { problems: read.problems.map((problem) => `${file}: ${problem}`) };
    own.push(...read.scenarios);
  }
  const all = [...builtIn, ...own];
  const unknown = names.filter((name) => all.every((scenario) => scenario.name !== name));
  if (unknown.length > 0)
    return {
      problems: [`there is no scenario ${unknown.join(', ')}; holdfast drill --list-scenarios lists them`],
    };
  return {
    scenarios: names.length === 0 ? all : names.flatMap((name) => all.find((one) => one.name === name) ?? []),
  };
}

function readText(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Undefined after errors were said: a configuration that no daemon would start with. */
function readNodes(command: DrillCommand, streams: Streams): readonly NodeConfig[] | undefined {
  const { files, configIds } = command;
  const names = distinctNames(files, configIds);
  let isUsable = true;
  const nodes = files.map((file, index) => {
    const name = names[index] ?? file;
    const configId = configIds[index] ?? configIds[0] ?? name;
    const resolved = parseConfig(sourceFiles(file), file, {
      configId,
      environment: environmentOf(process.env),
    });
    if (hasFatal(resolved.diagnostics)) {
      isUsable = false;
      for (const diagnostic of resolved.diagnostics.filter(({ severity }) => severity === 'fatal'))
        streams.error(`${formatDiagnostic(diagnostic, resolved.sources)}\n`);
    }
    return { name, configFile: resolve(file), configId, config: resolved.config };
  });
  return isUsable ? nodes : undefined;
}

/** By the files' names; two that are called the same get a number, and one file for two nodes its identifiers. */
function distinctNames(files: readonly string[], configIds: readonly string[]): readonly string[] {
  const plain = files.map(
    (file, index) => (configIds.length > 1 ? (configIds[index] ?? '') : nodeName(file)) || `node${index + 1}`,
  );
  const safe = plain.map((name) => name.replaceAll(/[^\w-]/g, '-').slice(0, 40));
  return safe.map((name, index) => (safe.indexOf(name) === index ? name : `${name}-${index + 1}`));
}

/** The report to compare with, or a sentence why there is none. */
function formerOf({ compare }: DrillCommand): DrillReport | string | undefined {
  if (compare === undefined) return undefined;
  const text = readText(compare);
  if (text === undefined) return `--compare ${compare}: it cannot be read`;
  const read = readFormerReport(text);
  return read.ok ? read.report : `--compare ${compare}: ${read.problem}`;
}

function overridesOf({
  topologyFile,
}: DrillCommand): TopologyOverrides | { readonly problems: readonly string[] } {
  if (topologyFile === undefined) return noOverrides;
  const text = readText(topologyFile);
  if (text === undefined) return { problems: [`--topology ${topologyFile}: it cannot be read`] };
  const read = readTopologyOverrides(text);
  return read.ok
    ? read.overrides
    : { problems: read.problems.map((problem) => `${topologyFile}: ${problem}`) };
}
