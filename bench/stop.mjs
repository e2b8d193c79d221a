/** SIGTERM: from lb01's last advertisement (priority 0) to lb02's first, less Skew_Time (priority 100: 609.375 ms). */
import { measureTakeovers } from '../dist/drill/measurements.js';
import { compare } from './compare.mjs';

process.exitCode = await compare({
  title: 'takeover after a stop, later than Skew_Time by',
  unit: 'ms',
  digits: 3,
  rounds: 3,
  measure: async (daemon) => (await measureTakeovers(daemon, 'stop', 2)).map((one) => one.overProtocolMs),
});
