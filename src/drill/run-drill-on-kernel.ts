/**
 * A drill on this host's kernel, or the same command once more inside the embedded kernel; in both cases its report in
 * files, and an exit status. Interrupting it ends it in order, interrupting it again at once.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SourceReader } from '../config-parser/index.ts';
import { whenInterrupted } from './cleanup.ts';
import type { DaemonKind } from './director.ts';
import { type DrillOptions, runDrill } from './drill.ts';
import { insideEmbeddedKernelVariable, runInEmbeddedKernel } from './kernels/embedded-kernel.ts';
import { chooseLabKernel, type KernelWish, type LabKernel } from './kernels/kernel-features.ts';
import { fullNatModules, loadEmbeddedModules } from './kernels/load-embedded-modules.ts';
import type { Lab } from './lab/lab.ts';
import { createProgress } from './progress.ts';
import type { Limit } from './report/report.ts';
import {
  publishReports,
  type ReportWishes,
  readReport,
  reportFile,
  writeReport,
} from './report/write-reports.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { makeScratchFolder } from './scratch-folder.ts';
import { type DerivedTopology, type KernelNeed, kernelNeeds } from './topology/derive-topology.ts';
import type { Topology } from './topology/topology.ts';
import type { NodeConfig, VirtualRouter } from './virtual-routers.ts';

export interface KernelDrillOptions extends ReportWishes {
  readonly nodes: readonly NodeConfig[];
  readonly topology: Topology;
  readonly routers: readonly VirtualRouter[];
  /** The same for other configurations of these nodes. */
  readonly topologyFor: (nodes: readonly NodeConfig[]) => DerivedTopology;
  readonly readerOf: (configFile: string) => SourceReader;
  readonly daemon: DaemonKind;
  readonly daemonOf: ReadonlyMap<string, DaemonKind>;
  readonly scenarios: readonly Scenario[];
  readonly runs: number;
  readonly limits: readonly Limit[];
  readonly reportFolder: string | undefined;
  readonly keeps: boolean;
  readonly seed: number | undefined;
  readonly ratePerSecond: number | undefined;
  readonly timeoutMs: number;
  readonly kernel: KernelWish;
  readonly holdfastVersion: string;
}

/** What the drill outside has decided, for the one inside. */
interface Inherited {
  readonly folder: string;
  readonly reason: string;
  readonly seed: number;
  /** Its being there is the wish to end. */
  readonly abortFile: string;
}

const inheritedVariable = 'HOLDFAST_DRILL';

export async function runDrillOnKernel(options: KernelDrillOptions): Promise<number> {
  const inherited = inheritedDecisions();
  if (inherited !== undefined)
    return runHere(options, inherited, { kernel: 'embedded', reason: inherited.reason, lacks: [] });
  const choice = await kernelFor(options);
  const { streams } = options;
  if (choice.kernel === 'none') {
    streams.error(`error: the drill cannot have a kernel here: ${choice.reason}\n`);
    return 2;
  }
  if (choice.kernel === 'embedded' && options.keeps && !isInside()) {
    streams.error(
      'error: --keep needs --kernel host: nobody can enter the embedded kernel to look at a lab in it\n',
    );
    return 2;
  }
  const scratch = makeScratchFolder();
  const decisions: Inherited = {
    folder: resolve(options.reportFolder ?? defaultFolder(new Date())),
    reason: choice.reason,
    seed: options.seed ?? Math.floor(Math.random() * 2 ** 31),
    abortFile: join(scratch.path, 'abort'),
  };
  try {
    const status =
      choice.kernel === 'host' || isInside()
        ? await runHere(options, decisions, choice)
        : await runInside(options, decisions);
    if (existsSync(join(decisions.folder, reportFile)))
      publishReports(readReport(decisions.folder), decisions.folder, options);
    return status;
  } finally {
    scratch.remove();
  }
}

/** Who is inside the embedded kernel already stays there. */
async function kernelFor({ nodes, topology, kernel }: KernelDrillOptions): Promise<LabKernel> {
  const needs = kernelNeeds(nodes, topology);
  if (!isInside()) return chooseLabKernel(needs, kernel);
  const here = await chooseLabKernel(needs, 'host');
  return here.kernel === 'none' ? here : { ...here, kernel: 'embedded', reason: 'it was started in there' };
}

/** `drill-20261123-074100`, in the current folder: a drill's evidence belongs to who asked for it. */
function defaultFolder(now: Date): string {
  const digits = now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `drill-${digits}`;
}

function inheritedDecisions(): Inherited | undefined {
  const text = process.env[inheritedVariable];
  if (!isInside() || text === undefined) return undefined;
  return JSON.parse(text) as Inherited;
}

function isInside(): boolean {
  return process.env[insideEmbeddedKernelVariable] === '1';
}

/** The embedded kernel's own boot, and what it needs to come to its end. */
const bootMs = 60_000;

async function runInside(options: KernelDrillOptions, decisions: Inherited): Promise<number> {
  const { streams, timeoutMs } = options;
  streams.error(`booting an embedded kernel, since ${decisions.reason}\n`);
  whenInterrupted({ end: () => writeFileSync(decisions.abortFile, ''), exitStatus: 3 });
  try {
    return await runInEmbeddedKernel({
      command: [process.execPath, ...process.argv.slice(1)],
      folder: process.cwd(),
      environment: { [inheritedVariable]: JSON.stringify(decisions), ...colourWishes() },
      timeoutMs: timeoutMs + bootMs,
      onOutput: streams.error,
    });
  } catch (error) {
    streams.error(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  } finally {
    whenInterrupted(undefined);
  }
}

/** In there the output is never a terminal. */
function colourWishes(): Readonly<Record<string, string>> {
  const colour = process.stderr.isTTY && process.env['NO_COLOR'] === undefined;
  return colour ? { FORCE_COLOR: '1' } : {};
}

async function runHere(
  options: KernelDrillOptions,
  { folder, seed, abortFile }: Inherited,
  choice: Exclude<LabKernel, { kernel: 'none' }>,
): Promise<number> {
  const { streams, daemonOf, daemon, timeoutMs } = options;
  if (isInside() && usesFullNat(options)) loadEmbeddedModules(...fullNatModules);
  mkdirSync(folder, { recursive: true });
  // Of a drill before, which this one is not.
  rmSync(join(folder, reportFile), { force: true });
  rmSync(join(folder, 'events.jsonl'), { force: true });
  const abort = new AbortController();
  whenInterrupted({ end: () => abort.abort(), exitStatus: 3 });
  const limit = setTimeout(() => {
    streams.error(`the drill takes longer than --timeout ${timeoutMs / 1000}: it ends\n`);
    abort.abort();
  }, timeoutMs);
  const watch = setInterval(() => {
    if (existsSync(abortFile)) abort.abort();
  }, 200);
  try {
    const report = await runDrill({
      ...options,
      ...playable(options, choice.lacks),
      folder,
      seed,
      daemonOf: (node) => daemonOf.get(node) ?? daemon,
      ratePerSecond: options.ratePerSecond ?? paces[choice.kernel],
      requestTimeoutMs: 1000,
      command: commandToRepeat(seed),
      kernel: { which: choice.kernel, reason: choice.reason },
      progress: createProgress({ write: streams.error, nowMs: () => performance.now() }),
      signal: abort.signal,
      ...(options.keeps ? { beforeClose: (lab: Lab) => keep(lab, abort.signal, streams.error) } : {}),
    });
    writeReport(report, folder);
    return report.exitStatus;
  } finally {
    clearTimeout(limit);
    clearInterval(watch);
    whenInterrupted(undefined);
  }
}

function usesFullNat({ nodes }: KernelDrillOptions): boolean {
  const servers = nodes.flatMap(({ config }) =>
    config.virtualServers.flatMap(({ realServers }) => realServers),
  );
  return servers.some(({ method }) => method.forwarding === 'FULLNAT');
}

/** Requests a second: what one slow processor can bear beside everything else. */
const paces = { host: 10, embedded: 6 } as const;

/** Without IPVS the virtual addresses are all that clients can ask for. */
function playable(
  { nodes, routers, topology, topologyFor }: KernelDrillOptions,
  lacks: readonly KernelNeed[],
): Pick<DrillOptions, 'nodes' | 'routers' | 'topology' | 'hasIpvs'> {
  const hasServers = nodes.some(({ config }) => config.virtualServers.length > 0);
  if (!lacks.includes('ipvs')) return { nodes, routers, topology, hasIpvs: hasServers };
  const plain = nodes.map((node) => ({ ...node, config: { ...node.config, virtualServers: [] } }));
  const derived = topologyFor(plain);
  if (!derived.ok) throw new Error(derived.problems.join('; '));
  const notes = [
    ...derived.topology.notes,
    'This kernel has no IPVS: virtual servers are not played, and clients ping the virtual addresses.',
  ];
  return { nodes: plain, routers: derived.routers, topology: { ...derived.topology, notes }, hasIpvs: false };
}

/** With the seed, so that chance decides the same again. */
function commandToRepeat(seed: number): readonly string[] {
  const words = process.argv.slice(2);
  const hasSeed = words.some((word) => word === '--seed' || word.startsWith('--seed='));
  return ['holdfast', ...words, ...(hasSeed ? [] : ['--seed', String(seed)])];
}

async function keep(lab: Lab, signal: AbortSignal, say: (text: string) => void): Promise<void> {
  const machines = [...lab.topology.nodes, ...lab.topology.clients].map(({ name }) =>
    lab.network.namespaceOf(name),
  );
  say(
    `the lab stands until Ctrl-C; look at it with: ip netns exec ${machines[0]} …\n  ${machines.join('\n  ')}\n`,
  );
  if (signal.aborted) return;
  await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
}
