/** 20,000 services, SIGHUP without one server: from the signal to it being gone, and the requests that change the kernel's table. */
import { measureTableReload } from '../dist/drill/bench-table.js';
import { runOnIpvsKernel } from '../dist/drill/kernels/run-on-ipvs-kernel.js';
import { compareFigures } from './compare.mjs';

const size = { services: 20_000, serversEach: 2 };

process.exitCode = await runOnIpvsKernel({ name: 'This measurement', timeoutMs: 1_800_000 }, () =>
  compareFigures({
    title: 'reload of 20,000 services of 2 servers, one server removed',
    figures: {
      applied: { title: 'from the signal to the server being gone', unit: 'ms', digits: 0 },
      writes: { title: 'netlink requests that change the table', unit: 'number', digits: 0 },
    },
    rounds: 1,
    measure: async (daemon) => {
      const found = await measureTableReload(daemon, size, 3);
      return {
        applied: found.map((one) => one.appliedAfterMs),
        writes: found.map((one) => one.writes),
      };
    },
  }),
);
