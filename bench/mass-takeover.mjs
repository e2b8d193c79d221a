/**
 * 250 instances of version 3 at 0.1 s, and the host of all their Masters dies: from the first Master_Down_Interval that is over until
 * the last instance has advertised, and announced. `--instances N` for other than 250.
 */
import { measureMassTakeover } from '../dist/drill/bench-many.js';
import { compareFigures } from './compare.mjs';
import { amount } from './options.mjs';

const instances = amount('instances', 250);

process.exitCode = await compareFigures({
  title: `${instances} instances at 0.1 s lose their Master at once`,
  figures: {
    advertised: { title: 'until the last one has advertised', unit: 'ms', digits: 1 },
    announced: { title: 'until the last one has sent a gratuitous ARP', unit: 'ms', digits: 1 },
    typical: { title: 'later than its own Master_Down_Interval, p50', unit: 'ms', digits: 2 },
    most: { title: 'later than its own Master_Down_Interval, p99', unit: 'ms', digits: 2 },
  },
  rounds: 3,
  measure: async (daemon) => {
    const { advertisedWithinMs, announcedWithinMs, latenessMs } = await measureMassTakeover(
      daemon,
      instances,
    );
    return {
      advertised: [advertisedWithinMs],
      announced: [announcedWithinMs],
      typical: [latenessMs.p50],
      most: [latenessMs.p99],
    };
  },
});
