/** 1,000 real servers in 250 services: from the daemon's start to the whole table in the kernel, beside keepalived. */
import { measureTableStart } from '../dist/drill/bench-table.js';
import { runOnIpvsKernel } from '../dist/drill/kernels/run-on-ipvs-kernel.js';
import { compare } from './compare.mjs';

process.exitCode = await runOnIpvsKernel({ name: 'This measurement', timeoutMs: 600_000 }, () =>
  compare({
    title: 'start to 1,000 servers of 250 services in the table',
    unit: 'ms',
    digits: 0,
    rounds: 3,
    measure: (daemon) => measureTableStart(daemon, { services: 250, serversEach: 4 }, 1),
  }),
);
