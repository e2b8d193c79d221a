/**
 * 500 TCP_CHECKs a second of 500 real servers: processor time a check beside keepalived in the same run, as the kernel charges it to
 * the daemon's processes, and as it is missed by a program that runs only when nobody else does. The embedded kernel charges whoever
 * runs when its clock ticks, which a daemon that is woken by that clock may always or never be: there the second figure counts, and
 * of it only the ratio. `--seconds N` for other than 20.
 */
import { measureDaemonChecks } from '../dist/drill/bench-checks.js';
import { canMeasureSpareTime } from '../dist/drill/bench-spare-time.js';
import { runOnIpvsKernel } from '../dist/drill/kernels/run-on-ipvs-kernel.js';
import { compareFigures } from './compare.mjs';
import { amount } from './options.mjs';

const seconds = amount('seconds', 20);

process.exitCode = await runOnIpvsKernel({ name: 'This measurement', timeoutMs: 900_000 }, () =>
  compareFigures({
    title: `500 TCP_CHECKs a second for ${seconds} s`,
    figures: {
      ...(canMeasureSpareTime && {
        machine: { title: 'taken from the machine, the web server with it', unit: 'us', digits: 0 },
      }),
      processor: { title: 'charged by the kernel', unit: 'us', digits: 0 },
      rate: { title: 'checks made', unit: 'a second', digits: 0 },
    },
    rounds: 5,
    measure: async (daemon) => {
      const order = { realServers: 500, delayLoop: 1, seconds };
      const { machineUsPerCheck, processorUsPerCheck, checksPerSecond } = await measureDaemonChecks(
        daemon,
        order,
      );
      return { machine: [machineUsPerCheck], processor: [processorUsPerCheck], rate: [checksPerSecond] };
    },
  }),
);
