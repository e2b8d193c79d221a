/**
 * 250 instances of version 3 at 0.1 s on one interface: how late their advertisements are, and what processor time the vrrp process
 * takes as Master and as Backup. Late is what comes more than the interval after the advertisement before it.
 * `--seconds N` and `--instances N` for other than 60 and 250.
 */
import { measurePunctuality } from '../dist/drill/bench-many.js';
import { compareFigures } from './compare.mjs';
import { amount } from './options.mjs';

const seconds = amount('seconds', 60);
const instances = amount('instances', 250);
const late = (share) => ({ title: `lateness, ${share}`, unit: 'ms', digits: 3 });
const processor = (role) => ({ title: `processor time of the ${role}'s vrrp process`, unit: '%', digits: 1 });

process.exitCode = await compareFigures({
  title: `${instances} instances at 0.1 s, for ${seconds} s`,
  figures: {
    p50: late('p50'),
    p99: late('p99'),
    p999: late('p99.9'),
    master: processor('Master'),
    backup: processor('Backup'),
  },
  rounds: 1,
  measure: async (daemon) => {
    const { latenessMs, masterPercent, backupPercent, eventLoopDelay } = await measurePunctuality(
      daemon,
      instances,
      seconds,
    );
    if (eventLoopDelay !== undefined) printDelay(eventLoopDelay);
    const { p50, p99, p999 } = latenessMs;
    return { p50: [p50], p99: [p99], p999: [p999], master: [masterPercent], backup: [backupPercent] };
  },
});

function printDelay({ p50Ms, p99Ms, p999Ms, maxMs, overSeconds }) {
  const [p50, p99, p999, most] = [p50Ms, p99Ms, p999Ms, maxMs].map((value) => value.toFixed(3));
  process.stdout.write(
    `  holdfast's own event loop was late by ${p50} ms (p50), ${p99} (p99), ${p999} (p99.9), ${most} at most, ` +
      `in ${overSeconds.toFixed(0)} s\n`,
  );
}
