/** keepalived.conf(5): vrrp_script, track_file, vrrp_track_process: what can be tracked. What lacks its subject is left out. */
import type { Given, GivenOf } from './block-values.ts';
import type { TrackerConfigs, TrackFileConfig, TrackProcessConfig, TrackScriptConfig } from './config.ts';
import { resolveBfds } from './resolve-bfd.ts';
import { resolveCommand } from './resolve-command.ts';
import { type ResolveContext, reportPart } from './resolve-context.ts';
import type { Account, root, Weight } from './schema/index.ts';
import type { Statement } from './statement.ts';
import { firstOfEachName, type RootValues } from './tracker-names.ts';

type Root = typeof root.keywords;

/** What a tracked item has where its line says nothing. */
export type DefinedWeights = ReadonlyMap<string, Weight>;

export interface ResolvedTrackers {
  readonly config: TrackerConfigs;
  /** Of those that can be tracked by VRRP. */
  readonly weights: Readonly<Record<'scripts' | 'files' | 'processes' | 'bfds', DefinedWeights>>;
}

export function resolveTrackers(
  outer: RootValues,
  scriptUser: Account | undefined,
  context: ResolveContext,
): ResolvedTrackers {
  const scripts = firstOfEachName(outer.all('vrrp_script'), context, 'warning');
  const files = firstOfEachName(outer.all('track_file'), context, 'warning');
  const processes = firstOfEachName(outer.all('vrrp_track_process'), context, 'warning');
  const config = {
    scripts: scripts.flatMap((given) => resolveScript(given, scriptUser, context) ?? []),
    files: files.flatMap((given) => resolveFile(given, context) ?? []),
    processes: processes.flatMap((given) => resolveProcess(given, context) ?? []),
  };
  const bfds = resolveBfds(outer, context);
  return {
    config: { ...config, bfds: bfds.config },
    weights: {
      scripts: weightsOf(config.scripts, scripts, 0),
      files: weightsOf(config.files, files, 1),
      processes: weightsOf(config.processes, processes, 0),
      bfds: bfds.weights,
    },
  };
}

function weightsOf(
  kept: readonly { readonly name: string }[],
  given: readonly {
    readonly value: string;
    readonly values: { value(name: 'weight'): Weight | undefined };
  }[],
  usual: number,
): DefinedWeights {
  const names = new Set(kept.map(({ name }) => name));
  return new Map(
    given
      .filter(({ value }) => names.has(value))
      .map(({ value, values }) => [value, values.value('weight') ?? { weight: usual, reverse: false }]),
  );
}

const usualIntervalMs = 1000;

function resolveScript(
  given: GivenOf<Root['vrrp_script']>,
  scriptUser: Account | undefined,
  context: ResolveContext,
): TrackScriptConfig | undefined {
  const { value: name, values } = given;
  const command = resolveCommand(values.last('script'), context);
  if (command === undefined) {
    if (!values.has('script')) reportIncomplete(given, 'script', context);
    return undefined;
  }
  const account = values.value('user') ?? (command.user === undefined ? scriptUser : undefined);
  const intervalMs = values.value('interval') ?? usualIntervalMs;
  const script: TrackScriptConfig = {
    name,
    command: account === undefined ? command : { argv: command.argv, ...account },
    intervalMs,
    timeoutMs: values.value('timeout') ?? intervalMs,
    rise: values.value('rise') ?? 1,
    fall: values.value('fall') ?? 1,
    initFail: values.value('init_fail') ?? false,
  };
  context.spans.record(script, given);
  return script;
}

function resolveFile(
  given: GivenOf<Root['track_file']>,
  context: ResolveContext,
): TrackFileConfig | undefined {
  const { value: name, values } = given;
  const path = values.value('file');
  if (path === undefined) {
    reportIncomplete(given, 'file', context);
    return undefined;
  }
  const initial = values.value('init_file');
  const file: TrackFileConfig = { name, path, ...(initial && { initial }) };
  context.spans.record(file, given);
  return file;
}

function resolveProcess(
  given: GivenOf<Root['vrrp_track_process']>,
  context: ResolveContext,
): TrackProcessConfig | undefined {
  const { value: name, values } = given;
  const pattern = values.value('process');
  if (pattern === undefined) {
    reportIncomplete(given, 'process', context);
    return undefined;
  }
  const parameterMatch = values.value('param_match');
  const process: TrackProcessConfig = {
    name,
    command: [pattern.program, ...pattern.args],
    ...(parameterMatch !== undefined && { parameterMatch }),
    fullCommand: pattern.args.length > 0 || (values.value('full_command') ?? false),
    ...resolveQuorum(given, context),
    forkDelayMs: lastDelay(values, 'fork_delay'),
    terminateDelayMs: lastDelay(values, 'terminate_delay'),
  };
  context.spans.record(process, given);
  return process;
}

/** `delay` is both in one: of it and the other the later line counts. */
function lastDelay(
  values: GivenOf<Root['vrrp_track_process']>['values'],
  keyword: 'fork_delay' | 'terminate_delay',
): number {
  const both = values.last('delay');
  const own = values.last(keyword);
  if (both === undefined || own === undefined) return (own ?? both)?.value ?? 0;
  return own.order > both.order ? own.value : both.value;
}

/** Of two that contradict each other keepalived ignores the later line; 0 at most is a check of its own. */
function resolveQuorum(
  given: GivenOf<Root['vrrp_track_process']>,
  context: ResolveContext,
): Pick<TrackProcessConfig, 'quorum' | 'quorumMax'> {
  const { values } = given;
  const least = values.last('quorum');
  const most = values.last('quorum_max');
  const quorum = least?.value ?? 1;
  if (most === undefined) return { quorum };
  if (most.value >= quorum || (most.value === 0 && quorum === 1)) return { quorum, quorumMax: most.value };
  const isLeastLater = least !== undefined && least.order > most.order;
  const late = isLeastLater ? least : most;
  const message = `quorum_max must be at least quorum, found quorum ${quorum} and quorum_max ${most.value}; the later line is ignored`;
  reportPart({ ...context, given }, 'error', 'process-quorum-max', message, late.heading);
  return isLeastLater ? { quorum: 1, quorumMax: most.value } : { quorum };
}

interface GivenTracker extends Pick<Given<string>, 'keyword' | 'value' | 'heading'> {
  readonly values: { readonly statements: readonly Statement[] };
}

/** One whose value was bad has been reported already. */
function reportIncomplete(given: GivenTracker, needed: string, context: ResolveContext): void {
  if (given.values.statements.some(({ keyword }) => keyword.value === needed)) return;
  const message = `${given.keyword} ${given.value} has no "${needed}"; it is left out, and nothing can track it`;
  reportPart({ ...context, given }, 'error', 'tracker-incomplete', message);
}
