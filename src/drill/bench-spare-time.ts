/**
 * How much of a machine is left over, by a program that runs only when nothing else wants to. An embedded kernel charges a process by
 * looking, a hundred times a second, at who is running: a process that is itself woken by that clock is charged for nothing or for
 * everything. What is taken away from somebody else cannot be mistaken so.
 */
import { cpus } from 'node:os';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { requireProgram } from './run-program.ts';

/** Counts for as many milliseconds as it is told, and prints how far it came in each. */
const counter = `
const [ms] = process.argv.slice(-1).map(Number);
function work() {
  let sum = 0;
  for (let index = 0; index < 100000; index += 1) sum = (sum + index) & 1023;
  return sum;
}
let sum = 0;
// Until it is compiled as it will be.
for (let round = 0; round < 2000; round += 1) sum += work();
const from = performance.now();
let rounds = 0;
while (performance.now() - from < ms) {
  sum += work();
  rounds += 1;
}
console.log(rounds / (performance.now() - from), sum);
`;

/** Else another processor would take the work. */
export const canMeasureSpareTime = cpus().length === 1;

/** Takes `seconds`, measured or not. Any unit: only two of them can be compared. */
export async function measureSpareTime(seconds: number): Promise<number | undefined> {
  if (!canMeasureSpareTime) return delay(1000 * seconds, undefined);
  const args = ['--idle', '0', process.execPath, '-e', counter, String(1000 * seconds)];
  return Number.parseFloat(await requireProgram('chrt', args, { timeoutMs: 1000 * seconds + 60_000 }));
}
