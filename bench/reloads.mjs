/** 1,000 reloads under 200 requests a second through the virtual address: how many requests fail, beside keepalived. */
import { measureReloadsUnderLoad } from '../dist/drill/bench-reloads.js';
import { runOnIpvsKernel } from '../dist/drill/kernels/run-on-ipvs-kernel.js';
import { amount, daemons } from './options.mjs';

const reloads = amount('reloads', 1000);
const perSecond = amount('rate', 200);

process.exitCode = await runOnIpvsKernel({ name: 'This measurement', timeoutMs: 1_800_000 }, async () => {
  for (const daemon of daemons) {
    const found = await measureReloadsUnderLoad(daemon, { reloads, perSecond });
    const failed = [...found.failures].map(([kind, count]) => `${count} ${kind}`).join(', ') || 'none';
    process.stdout.write(
      `${daemon.padEnd(10)} ${found.reloads} reloads in ${found.seconds.toFixed(0)} s, ` +
        `${found.requests} requests, failed: ${failed}; slowest answer ${found.slowestMs.toFixed(0)} ms\n`,
    );
  }
  return 0;
});
