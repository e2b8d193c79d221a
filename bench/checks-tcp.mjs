/**
 * 500 TCP_CHECKs a second of 500 real servers: processor time a check, of all the daemon's processes, beside keepalived in the same
 * run. On a kernel with IPVS, which may be the embedded one: only the ratio counts there. `--seconds N` for other than 20.
 */
import { measureDaemonChecks } from '../dist/drill/bench-checks.js';
import { runOnIpvsKernel } from '../dist/drill/kernels/run-on-ipvs-kernel.js';
import { compareFigures } from './compare.mjs';
import { amount } from './options.mjs';

const seconds = amount('seconds', 20);

process.exitCode = await runOnIpvsKernel({ name: 'This measurement', timeoutMs: 900_000 }, () =>
  compareFigures({
    title: `500 TCP_CHECKs a second for ${seconds} s`,
    figures: {
      processor: { title: 'processor time a check', unit: 'us', digits: 0 },
      rate: { title: 'checks made', unit: 'a second', digits: 0 },
    },
    rounds: 3,
    measure: async (daemon) => {
      const order = { realServers: 500, delayLoop: 1, seconds };
      const { processorUsPerCheck, checksPerSecond } = await measureDaemonChecks(daemon, order);
      return { processor: [processorUsPerCheck], rate: [checksPerSecond] };
    },
  }),
);
