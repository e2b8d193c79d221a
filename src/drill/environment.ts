/** What a drill ran on: versions, kernel, and the timers that follow from the files. */
import { availableParallelism, release } from 'node:os';
import type { DaemonKind } from './director.ts';
import type { Environment, InstanceTimers } from './report/report.ts';
import { runProgram } from './run-program.ts';
import type { NodeConfig, VirtualRouter } from './virtual-routers.ts';

export interface EnvironmentQuestion {
  readonly nodes: readonly NodeConfig[];
  readonly routers: readonly VirtualRouter[];
  readonly daemonOf: (node: string) => DaemonKind;
  readonly holdfastVersion: string;
  readonly kernel: { readonly which: 'host' | 'embedded'; readonly reason: string };
}

/** Without the hashes of the files, which are known when they have been copied. */
export async function describeEnvironment(question: EnvironmentQuestion): Promise<Environment> {
  const { nodes, daemonOf, holdfastVersion, kernel } = question;
  const usesKeepalived = nodes.some(({ name }) => daemonOf(name) === 'keepalived');
  const keepalived = usesKeepalived ? await keepalivedVersion() : '';
  return {
    holdfast: holdfastVersion,
    node: process.version,
    mode: 'lab',
    kernel: { ...kernel, release: release(), processors: availableParallelism() },
    nodes: nodes.map(({ name, configFile }) => ({
      name,
      daemon: daemonOf(name),
      daemonVersion: daemonOf(name) === 'keepalived' ? keepalived : holdfastVersion,
      configFile,
      configHash: '',
      instances: timersOf(question.routers, name),
    })),
  };
}

/** Of the instances of one node. */
export function timersOf(routers: readonly VirtualRouter[], node: string): readonly InstanceTimers[] {
  return routers.flatMap(({ vrid, family, members }) =>
    members
      .filter((member) => member.node === node)
      .map((member) => ({
        instance: member.instance,
        vrid,
        family,
        version: member.version,
        priority: member.priority,
        preempts: member.preempts,
        preemptDelayMs: member.preemptDelayMs,
        advertisementIntervalMs: member.advertisementIntervalMs,
        skewTimeMs: member.skewTimeMs,
        masterDownIntervalMs: member.masterDownIntervalMs,
      })),
  );
}

/** `v2.2.7`; keepalived writes it to standard error. */
export async function keepalivedVersion(): Promise<string> {
  try {
    const { stdout, stderr } = await runProgram('keepalived', ['--version']);
    return /v(\d[\d.]*)/.exec(`${stdout}${stderr}`)?.[1] ?? 'unknown';
  } catch {
    return 'not installed';
  }
}
