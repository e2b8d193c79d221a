/**
 * Version 3 at 10 ms, SIGKILL to everything on lb01: the longest time without an answer for a client that asks every millisecond.
 * The protocol's own limit is Master_Down_Interval: 36.1 ms at lb02's priority of 100.
 */
import { measureCrashes } from '../dist/drill/bench-crash.js';
import { compare } from './compare.mjs';

process.exitCode = await compare({
  title: 'longest time without an answer after a crash, version 3 at 10 ms',
  unit: 'ms',
  digits: 1,
  rounds: 3,
  measure: async (daemon) => (await measureCrashes(daemon, 4)).map((one) => one.longestGapMs),
});
