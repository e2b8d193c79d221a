/**
 * Planned switchovers under 500 new TCP connections a second to the virtual address, each a small request and its answer by the
 * director itself: SIGTERM to the Master, its return with preemption, and `holdfast ctl failover` and `resume`. Version 2 at 1 s.
 * Counts what failed; a request has failed that has no answer after 0.95 s.
 */
import { measureSwitchovers } from '../dist/drill/bench-switchover.js';
import { median } from '../dist/drill/timeline.js';
import { amount, daemons } from './options.mjs';

const perSecond = 500;
const rounds = amount('rounds', 3);
const all = new Map(daemons.map((daemon) => [daemon, []]));

process.stdout.write(`planned switchover under ${perSecond} new connections a second\n`);
for (let round = 1; round <= rounds; round += 1) {
  for (const daemon of daemons) {
    const found = await measureSwitchovers(daemon, { version: 2, intervalMs: 1000, perSecond });
    all.get(daemon).push(...found);
    for (const one of found) printOne(`  round ${round} of ${rounds}: ${daemon.padEnd(10)}`, one);
  }
}
for (const [daemon, found] of all) {
  for (const kind of new Set(found.map((one) => one.kind))) {
    const some = found.filter((one) => one.kind === kind);
    const [failed, gap, slowest] = ['failed', 'longestGapMs', 'slowestMs'].map((key) =>
      median(some.map((one) => one[key])),
    );
    process.stdout.write(
      `${daemon.padEnd(10)} ${kind.padEnd(8)} medians of ${some.length}: ${failed} failed, ` +
        `longest gap ${gap.toFixed(0)} ms, slowest answer ${slowest.toFixed(0)} ms\n`,
    );
  }
}

function printOne(head, { kind, requests, failed, failures, longestGapMs, slowestMs }) {
  const kinds = [...failures].map(([name, times]) => {
    const [first, last] = [Math.min(...times), Math.max(...times)].map((value) => value.toFixed(0));
    return `; ${times.length} ${name}, ${first} to ${last} ms after it began`;
  });
  process.stdout.write(
    `${head} ${kind.padEnd(8)} ${failed} of ${requests} failed, longest gap ${longestGapMs.toFixed(0)} ms, ` +
      `slowest answer ${slowestMs.toFixed(0)} ms${kinds.join('')}\n`,
  );
}
