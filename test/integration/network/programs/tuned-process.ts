/**
 * Tunes itself as it is told. Commands: apply (tuning), spin (for so many milliseconds), churn (code and heap), report
 * (what the kernel says of this process and of what it starts).
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import type { ProcessTuning } from '../../../../src/config-parser/config.ts';
import { nowMs } from '../../../../src/kernel/clock.ts';
import { ProcessTuner } from '../../../../src/kernel/process-tuning.ts';
import { type Command, onCommand, say } from './lines.ts';

const tuner = new ProcessTuner('vrrp', (message) => say({ kind: 'overrun', message }));

function status(name: string): string {
  const text = readFileSync('/proc/self/status', 'latin1');
  return new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? '';
}

function threads(): readonly number[] {
  return readdirSync('/proc/self/task').map(Number);
}

function report(): void {
  const output = (...command: readonly [string, ...string[]]) =>
    execFileSync(command[0], command.slice(1), { encoding: 'utf8' });
  say({
    kind: 'report',
    scheduling: output('chrt', '-p', String(process.pid)),
    childScheduling: output('sh', '-c', 'chrt -p $$'),
    childNice: Number(output('nice')),
    untunedChildNice: Number(tuner.startingUntuned(() => output('nice'))),
    limit: /Max realtime timeout\s+(\S+)\s+(\S+)/.exec(readFileSync('/proc/self/limits', 'latin1'))?.slice(1),
    niceValues: threads().map((thread) => getPriority(thread)),
    lockedKilobytes: Number.parseInt(status('VmLck'), 10),
    residentKilobytes: Number.parseInt(status('VmRSS'), 10),
    cpus: status('Cpus_allowed_list'),
    sigxcpu: constants.signals.SIGXCPU,
  });
}

function spin(forMs: number): void {
  const untilMs = nowMs() + forMs;
  while (nowMs() < untilMs);
  say({ kind: 'spun' });
}

/** Functions enough for new pages of code, and objects enough for a heap that grows and shrinks. */
function churn(): void {
  let sum = 0;
  for (let round = 0; round < 3000; round += 1) {
    const body = `let s = ${round}; for (let i = 0; i < n; i += 1) s = (s * 31 + i + ${round}) | 0; return s;`;
    sum += new Function('n', body)(3000);
  }
  for (let round = 0; round < 200; round += 1)
    sum += Array.from({ length: 50_000 }, (_, index) => ({ index })).length;
  say({ kind: 'churned', sum });
}

function perform(command: Command): void {
  if (command.kind === 'apply') {
    say({ kind: 'applied', refusals: tuner.apply(command['tuning'] as ProcessTuning) });
  } else if (command.kind === 'spin') spin(Number(command['forMs']));
  else if (command.kind === 'churn') churn();
  else report();
}

say({ kind: 'ready' });
onCommand(perform);
