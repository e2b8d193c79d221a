/**
 * Version 3 at 10 ms, priority 100 waiting: from lb01's crash to the first datagram that lb02 answers. `--minutes N` instead leaves
 * both directors in peace for N minutes of each daemon, with the last processor kept busy, and counts who took over.
 */
import { measureCrashes } from '../dist/drill/bench-crash.js';
import { measureQuiet } from '../dist/drill/bench-quiet.js';
import { compare } from './compare.mjs';
import { amount, daemons } from './options.mjs';

const minutes = amount('minutes');
if (minutes === undefined) {
  process.exitCode = await compare({
    title: 'crash to the first answer of lb02, version 3 at 10 ms',
    unit: 'ms',
    digits: 1,
    rounds: 3,
    measure: async (daemon) => (await measureCrashes(daemon, 4)).map((one) => one.servedAfterMs),
  });
} else {
  process.stdout.write(`transitions in ${minutes} minutes at 10 ms, the last processor busy\n`);
  for (const daemon of daemons) {
    const { transitions, advertisementsOfLb02, longestSilenceMs } = await measureQuiet(daemon, minutes);
    const silence = `longest time without an advertisement ${longestSilenceMs.toFixed(1)} ms`;
    process.stdout.write(
      `${daemon.padEnd(10)} ${transitions} transitions, ${advertisementsOfLb02} advertisements of lb02, ${silence}\n`,
    );
  }
}
