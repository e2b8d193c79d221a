/** Measures holdfast and Debian's keepalived in turn in one run, and prints both medians and their ratio. */
import { parseArgs } from 'node:util';
import { median } from '../dist/drill/timeline.js';

/**
 * `measure(daemon)` returns one or more values; it is called `rounds` times for each daemon, interleaved, so that what
 * disturbs the machine disturbs both. `--daemon NAME` measures that one alone. Returns the exit status.
 */
export async function compare({ title, unit, digits, rounds, measure }) {
  const { values } = parseArgs({ options: { daemon: { type: 'string' } } });
  const daemons = values.daemon === undefined ? ['holdfast', 'keepalived'] : [values.daemon];
  const measured = new Map(daemons.map((daemon) => [daemon, []]));
  process.stdout.write(`${title} (${unit})\n`);
  for (let round = 1; round <= rounds; round += 1) {
    for (const daemon of daemons) {
      const found = await measure(daemon);
      measured.get(daemon).push(...found);
      const figures = found.map((value) => value.toFixed(digits)).join(' ');
      process.stdout.write(`  round ${round} of ${rounds}: ${daemon.padEnd(10)} ${figures}\n`);
    }
  }
  for (const [daemon, all] of measured) {
    const [least, most] = [Math.min(...all), Math.max(...all)].map((value) => value.toFixed(digits));
    const typical = median(all).toFixed(digits);
    process.stdout.write(`${daemon.padEnd(10)} median ${typical} of ${all.length} (${least} to ${most})\n`);
  }
  if (measured.size === 2) {
    const ratio = median(measured.get('holdfast')) / median(measured.get('keepalived'));
    process.stdout.write(`holdfast / keepalived = ${ratio.toFixed(2)}\n`);
  }
  return 0;
}
