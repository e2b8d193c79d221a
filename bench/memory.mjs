/** Memory of all processes of one director together, 10 s after its start with the tutorial's configuration. */
import { runOnIpvsKernel } from '../dist/drill/kernels/run-on-ipvs-kernel.js';
import { measureMemory } from '../dist/drill/measurements.js';
import { compare } from './compare.mjs';

process.exitCode = await runOnIpvsKernel({ name: 'This measurement', timeoutMs: 300_000 }, () =>
  compare({
    title: 'memory of all processes together, each page counted once',
    unit: 'MiB',
    digits: 1,
    rounds: 5,
    measure: async (daemon) => [(await measureMemory(daemon)) / 1024],
  }),
);
