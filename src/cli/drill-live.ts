/** `holdfast drill --live`: from the command line to a drill on the real pair, and from its report to an exit status. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config-parser/config.ts';
import { hasFatal, parseConfig } from '../config-parser/index.ts';
import { whenInterrupted } from '../drill/cleanup.ts';
import { readLimits } from '../drill/judge/limits.ts';
import { nowMs } from '../drill/lab/recorder.ts';
import { type ProbeTarget, readTarget } from '../drill/live/probe-targets.ts';
import { type LiveOptions, runLive } from '../drill/live/run-live.ts';
import { createProgress } from '../drill/progress.ts';
import { renderHtml, renderJson, renderJunit, renderText } from '../drill/report/render/index.ts';
import type { DrillReport, Limit } from '../drill/report/report.ts';
import { holdfastPackage } from '../kernel/package-root.ts';
import type { LiveCommand } from './drill-live-options.ts';
import type { DrillCommand } from './drill-options.ts';
import { environmentOf } from './environment.ts';
import { sourceFiles } from './source-files.ts';
import type { Streams } from './streams.ts';

const unable = 2;
const aborted = 3;
const usualRate = 10;

export async function performLiveDrill(
  command: DrillCommand,
  live: LiveCommand,
  streams: Streams,
): Promise<number> {
  const read = readWishes(command, live);
  if (!read.ok) {
    streams.error(`error: ${read.problem}\n`);
    return unable;
  }
  const abort = new AbortController();
  whenInterrupted({ end: () => abort.abort(), exitStatus: aborted });
  try {
    const report = await runLive({
      ...read.wishes,
      progress: createProgress({ write: streams.error, nowMs }),
      signal: abort.signal,
    });
    publish(report, command, streams);
    return report.exitStatus;
  } finally {
    whenInterrupted(undefined);
  }
}

type Wishes = Omit<LiveOptions, 'progress' | 'signal'>;
type ReadWishes =
  | { readonly ok: true; readonly wishes: Wishes }
  | { readonly ok: false; readonly problem: string };

function readWishes(command: DrillCommand, live: LiveCommand): ReadWishes {
  const problem = usageProblem(command, live);
  if (problem !== undefined) return { ok: false, problem };
  const targets: ProbeTarget[] = [];
  for (const text of live.probes) {
    const found = readTarget(text);
    if (!found.ok) return { ok: false, problem: `--probe ${found.problem}` };
    targets.push(found.target);
  }
  const limits: Limit[] = [];
  for (const text of command.slo) {
    const found = readLimits(text);
    if (!found.ok) return { ok: false, problem: `--slo: ${found.problem}` };
    limits.push(...found.limits);
  }
  const { instances, steadyMs, holdMs, peerHeardWithinMs, evenIfAlone } = live;
  const wishes: Wishes = {
    mode:
      instances.length > 0
        ? { kind: 'switchover', wish: { instances, steadyMs, holdMs, peerHeardWithinMs, evenIfAlone } }
        : { kind: 'watch', forMs: live.forMs },
    targets,
    interfaceName: live.interfaceName,
    controlSocket: live.controlSocket,
    paceMs: 1000 / (command.ratePerSecond ?? usualRate),
    requestTimeoutMs: live.requestTimeoutMs,
    limits,
    timeoutMs: command.timeoutMs,
    folder: command.reportFolder,
    command: ['holdfast', ...process.argv.slice(2)],
    holdfastVersion: holdfastPackage().version,
    readConfig,
  };
  return { ok: true, wishes };
}

/** One sentence, or undefined where the flags fit together. */
function usageProblem(command: DrillCommand, live: LiveCommand): string | undefined {
  const { watch, instances, controlSocket, confirmed, probes, interfaceName } = live;
  if (!live.isNamed)
    return '--watch, --switchover and the flags that go with them are for the real pair: add --live, or leave them out';
  const stranger = labFlag(command);
  if (stranger !== undefined) return `${stranger} is for a lab: leave it out, or --live`;
  if (command.files.length > 0)
    return '--live takes no files: it looks at the real pair. Leave the files out, or --live';
  if (watch && instances.length > 0) return '--watch only watches: leave out --watch or --switchover';
  if (!watch && instances.length === 0)
    return 'say what to do on the real pair: --watch, or --switchover INSTANCE';
  if (watch)
    return probes.length === 0 && interfaceName === undefined
      ? 'there is nothing to watch: name a service with --probe, an interface with --interface, or both'
      : undefined;
  if (probes.length === 0)
    return '--switchover needs --probe: without it nobody sees whether the service goes on';
  if (controlSocket === undefined)
    return '--switchover needs --control-socket PATH, of the director that is Master';
  if (!confirmed)
    return `this moves ${instances.join(', ')} of the real pair to the other director and back. Nothing was done; with --yes it is done`;
  return undefined;
}

/** One that was given, and says nothing about a real pair. */
function labFlag(command: DrillCommand): string | undefined {
  const given: readonly (readonly [string, boolean])[] = [
    ['--scenario', command.scenarios.length > 0],
    ['--scenario-file', command.scenarioFiles.length > 0],
    ['--runs', command.runs !== 1],
    ['--seed', command.seed !== undefined],
    ['--daemon', command.daemon !== 'holdfast' || command.daemonOf.size > 0],
    ['--topology', command.topologyFile !== undefined],
    ['--config-id', command.configIds.length > 0],
    ['--kernel', command.kernel !== 'auto'],
    ['--keep', command.keeps],
    ['--compare', command.compare !== undefined],
  ];
  return given.find(([, isGiven]) => isGiven)?.[0];
}

/** The daemon's file, where this is its machine: the wait for a takeover follows from it. */
function readConfig(file: string): Config | undefined {
  try {
    const options = { configId: hostname(), environment: environmentOf(process.env) };
    const { config, diagnostics } = parseConfig(sourceFiles(file), file, options);
    return hasFatal(diagnostics) ? undefined : config;
  } catch {
    // Another machine's, or not for this user to read: what the wire shows has to do.
    return undefined;
  }
}

function publish(
  report: DrillReport,
  { json, junit, html, reportFolder }: DrillCommand,
  streams: Streams,
): void {
  const page = (): string => renderHtml(report);
  if (reportFolder !== undefined) {
    mkdirSync(reportFolder, { recursive: true });
    writeFileSync(join(reportFolder, 'report.json'), renderJson(report));
    writeFileSync(join(reportFolder, 'report.html'), page());
  }
  if (html !== undefined) writeFileSync(html, page());
  if (junit !== undefined) writeFileSync(junit, renderJunit(report));
  if (json !== undefined && json !== '-') writeFileSync(json, renderJson(report));
  const colour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const text = renderText(report, { colour, width: process.stdout.columns ?? 100 });
  // Who wants JSON on standard output wants nothing else there.
  if (json === '-') {
    streams.error(text);
    streams.out(renderJson(report));
  } else streams.out(text);
}
