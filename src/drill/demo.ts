/**
 * `npm run demo`: plays the tutorial on a real kernel with IPVS, this host's or the embedded one, in which this same
 * program runs again. `--daemon keepalived` plays it with Debian's keepalived, to compare. Exit status 0 when all held.
 */
import { parseArgs } from 'node:util';
import type { DaemonKind } from './director.ts';
import { runOnIpvsKernel } from './kernels/run-on-ipvs-kernel.ts';
import { createNarrator } from './narration.ts';
import { playTutorial } from './play-tutorial.ts';
import { formatVerdict, isPassed } from './verdict.ts';

const usage = 'usage: demo [--daemon holdfast|keepalived]';
/** The demo itself takes under 100 s; the embedded kernel some seconds more. */
const limitMs = 240_000;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const daemon = readDaemon(args);
  if (daemon === undefined) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  return runOnIpvsKernel({ name: 'The demo', timeoutMs: limitMs }, () => play(daemon));
}

function readDaemon(args: readonly string[]): DaemonKind | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { daemon: { type: 'string', default: 'holdfast' } },
    });
    return values.daemon === 'holdfast' || values.daemon === 'keepalived' ? values.daemon : undefined;
  } catch {
    return undefined;
  }
}

async function play(daemon: DaemonKind): Promise<number> {
  const narrator = createNarrator({
    write: (text) => process.stdout.write(text),
    nowMs: () => performance.now(),
  });
  const { findings, failure } = await playTutorial({ daemon, narrator });
  const passed = failure === undefined && isPassed(findings);
  const { NO_COLOR: never, FORCE_COLOR: always } = process.env;
  const colour = never === undefined && (process.stdout.isTTY || always === '1');
  process.stdout.write(`\n${formatVerdict(findings, colour)}\n`);
  if (failure !== undefined) process.stdout.write(`The demo ended early: ${failure}\n`);
  process.stdout.write(passed ? 'Everything held.\n' : 'Not everything held.\n');
  return passed ? 0 : 1;
}
