/** Probes in a network namespace. Command: probe, with `checks`, lists of configurations; all lists at once, each in turn. */
import { probeOf } from '../../../../src/healthcheck/probes/index.ts';
import type { PolledCheckConfig } from '../../../../src/healthcheck/probes/reading-outcome.ts';
import type { ProbeTools } from '../../../../src/healthcheck/probes/tools.ts';
import { streamTools } from '../../../../src/kernel/stream-connector.ts';
import { type Command, failure, onCommand, say } from './lines.ts';

const none = (): never => {
  throw new Error('only what speaks over TCP is asked here');
};
const tools: ProbeTools = {
  ...streamTools(),
  openDatagramSocket: none,
  sendPing: none,
  runCommand: none,
};

async function inTurn(checks: readonly PolledCheckConfig[]): Promise<object[]> {
  const outcomes: object[] = [];
  for (const check of checks) {
    outcomes.push(await probeOf(check, tools)(new AbortController().signal));
  }
  return outcomes;
}

async function perform(command: Command): Promise<void> {
  const lists = command['checks'] as PolledCheckConfig[][];
  const outcomes = await Promise.all(lists.map(inTurn));
  say({ kind: 'outcomes', outcomes });
}

say({ kind: 'ready' });
onCommand((command) => void perform(command).catch((error: unknown) => say(failure(error))));
