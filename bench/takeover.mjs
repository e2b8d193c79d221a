/** Crash: from lb01's last advertisement to lb02's first, less Master_Down_Interval (version 2, 1 s, priority 100: 3609.375 ms). */
import { measureTakeovers } from '../dist/drill/measurements.js';
import { compare } from './compare.mjs';

process.exitCode = await compare({
  title: 'crash takeover, later than Master_Down_Interval by',
  unit: 'ms',
  digits: 3,
  rounds: 3,
  measure: async (daemon) => (await measureTakeovers(daemon, 'crash', 2)).map((one) => one.overProtocolMs),
});
