/**
 * From lb01's start to both web servers in its IPVS table, with the tutorial's configuration, beside keepalived; then,
 * on this host's own kernel and clock, to the health checks being active, which is all that a kernel without IPVS shows.
 */

import { insideEmbeddedKernelVariable } from '../dist/drill/kernels/embedded-kernel.js';
import { namespacesOnThisKernel } from '../dist/drill/kernels/host-kernel.js';
import { runOnIpvsKernel } from '../dist/drill/kernels/run-on-ipvs-kernel.js';
import { measureChecksActive, measureStart } from '../dist/drill/measurements.js';
import { median } from '../dist/drill/timeline.js';
import { compare } from './compare.mjs';

process.exitCode = await runOnIpvsKernel({ name: 'This measurement', timeoutMs: 300_000 }, () =>
  compare({
    title: 'start to both servers in the table',
    unit: 'ms',
    digits: 0,
    rounds: 3,
    measure: (daemon) => measureStart(daemon, 2),
  }),
);
if (process.env[insideEmbeddedKernelVariable] !== '1' && (await namespacesOnThisKernel()).able) {
  const measured = await measureChecksActive(6);
  const figures = measured.map((value) => value.toFixed(0)).join(' ');
  process.stdout.write(`on this host's kernel, holdfast: start to health checks active (ms) ${figures}\n`);
  process.stdout.write(`holdfast   median ${median(measured).toFixed(0)} of ${measured.length}\n`);
}
