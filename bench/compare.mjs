/** Measures holdfast and Debian's keepalived in turn in one run, and prints both medians and their ratio. */
import { median } from '../dist/drill/timeline.js';
import { amount, daemons } from './options.mjs';

/**
 * `measure(daemon)` returns one or more values; it is called `rounds` times for each daemon, interleaved, so that what
 * disturbs the machine disturbs both. `--daemon NAME` measures that one alone, `--rounds N` so often. Returns the exit status.
 */
export function compare({ title, unit, digits, rounds, measure }) {
  const figures = { only: { title, unit, digits } };
  return compareFigures({ figures, rounds, measure: async (daemon) => ({ only: await measure(daemon) }) });
}

/** As `compare`, with several figures from one measurement: `measure` returns an array of values for each key of `figures`. */
export async function compareFigures({ title, figures, rounds: usual, measure }) {
  const rounds = amount('rounds', usual);
  const measured = new Map(daemons.map((daemon) => [daemon, emptyLists(figures)]));
  if (title !== undefined) process.stdout.write(`${title}\n`);
  for (const { title: each, unit } of Object.values(figures)) process.stdout.write(`${each} (${unit})\n`);
  for (let round = 1; round <= rounds; round += 1) {
    for (const daemon of daemons) {
      const found = await measure(daemon);
      for (const key of Object.keys(figures)) measured.get(daemon)[key].push(...found[key]);
      const shown = Object.entries(figures).map(([key, { digits }]) =>
        found[key].map((value) => value.toFixed(digits)).join(' '),
      );
      process.stdout.write(`  round ${round} of ${rounds}: ${daemon.padEnd(10)} ${shown.join(' | ')}\n`);
    }
  }
  for (const [key, figure] of Object.entries(figures)) {
    const lists = new Map(daemons.map((daemon) => [daemon, measured.get(daemon)[key]]));
    if (Object.keys(figures).length > 1) process.stdout.write(`${figure.title} (${figure.unit})\n`);
    printFigure(figure, lists);
  }
  return 0;
}

function emptyLists(figures) {
  return Object.fromEntries(Object.keys(figures).map((key) => [key, []]));
}

function printFigure({ digits }, lists) {
  for (const [daemon, all] of lists) {
    const [least, most] = [Math.min(...all), Math.max(...all)].map((value) => value.toFixed(digits));
    const typical = median(all).toFixed(digits);
    process.stdout.write(`${daemon.padEnd(10)} median ${typical} of ${all.length} (${least} to ${most})\n`);
  }
  if (lists.size === 2) {
    const [ours, theirs] = [median(lists.get('holdfast')), median(lists.get('keepalived'))];
    if (theirs !== 0) process.stdout.write(`holdfast / keepalived = ${(ours / theirs).toFixed(2)}\n`);
  }
}
