/** How the scripts speak: one line a step with its time, and a clear last word when something failed. */
import { spawnSync } from 'node:child_process';

/** A step that failed for a reason the reader can act on: no stack trace is shown. */
export class StepFailure extends Error {}

/** Does the work and prints one line with the time it took. Nothing to do is nothing to say: return false then. */
export function step(title, work) {
  const beganAt = performance.now();
  if (work() !== false)
    process.stdout.write(`${title}: ${((performance.now() - beganAt) / 1000).toFixed(1)} s\n`);
}

/** Runs a program to its end and returns its standard output; its output is shown only when it fails. */
export function run(file, args, options = {}) {
  const result = spawnSync(file, args, { encoding: 'utf8', maxBuffer: 64 << 20, ...options });
  if (result.status === 0) return result.stdout;
  const said = beginningAndEnd(`${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n'), 25);
  const reason =
    result.error?.message ?? (result.signal ? `signal ${result.signal}` : `exit status ${result.status}`);
  throw new StepFailure(`${file} ${args.join(' ')} failed (${reason})${said && `:\n${said}`}`);
}

function beginningAndEnd(lines, each) {
  if (lines.length <= 2 * each) return lines.join('\n');
  return [...lines.slice(0, each), '...', ...lines.slice(-each)].join('\n');
}

/** Runs `main`, which returns an exit status; a StepFailure ends with its message and status 1. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
