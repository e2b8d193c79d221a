/** From the new Master's first advertisement to its first gratuitous ARP. */
import { measureTakeovers } from '../dist/drill/measurements.js';
import { compare } from './compare.mjs';

process.exitCode = await compare({
  title: 'first gratuitous ARP after the first advertisement',
  unit: 'ms',
  digits: 3,
  rounds: 3,
  measure: async (daemon) => (await measureTakeovers(daemon, 'stop', 2)).map((one) => one.announcedAfterMs),
});
