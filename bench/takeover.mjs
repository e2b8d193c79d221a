/**
 * Crash: from lb01's last advertisement to lb02's first, less Master_Down_Interval at priority 100: 3609.375 ms with version 2 at
 * 1 s, 360.938 ms with version 3 at 0.1 s.
 */
import { measureCrashTakeovers } from '../dist/drill/bench-takeover.js';
import { compareFigures } from './compare.mjs';

const later = (protocol) => ({ title: `crash takeover, ${protocol}, later by`, unit: 'ms', digits: 3 });

process.exitCode = await compareFigures({
  figures: { v2: later('version 2 at 1 s'), v3: later('version 3 at 0.1 s') },
  rounds: 3,
  measure: async (daemon) => ({
    v2: await measureCrashTakeovers(daemon, { version: 2, intervalMs: 1000 }, 2),
    v3: await measureCrashTakeovers(daemon, { version: 3, intervalMs: 100 }, 5),
  }),
});
