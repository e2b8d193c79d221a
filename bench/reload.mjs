/**
 * 250 instances of version 3 at 0.1 s, SIGHUP with another priority in one: from the signal to the first advertisement that has it,
 * and the state changes, of which there should be none. `--instances N` for other than 250.
 */
import { measureReloads } from '../dist/drill/bench-reload.js';
import { compareFigures } from './compare.mjs';
import { amount } from './options.mjs';

const instances = amount('instances', 250);

process.exitCode = await compareFigures({
  title: `reload of ${instances} instances with one priority changed`,
  figures: {
    applied: { title: 'from the signal to the new priority on the wire', unit: 'ms', digits: 1 },
    transitions: { title: 'state changes', unit: 'number', digits: 0 },
    silence: { title: 'longest time between two advertisements of an instance', unit: 'ms', digits: 1 },
  },
  rounds: 2,
  measure: async (daemon) => {
    const found = await measureReloads(daemon, instances, 5);
    return {
      applied: found.map((one) => one.appliedAfterMs),
      transitions: found.map((one) => one.transitions),
      silence: found.map((one) => one.longestSilenceMs),
    };
  },
});
