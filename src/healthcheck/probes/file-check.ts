/**
 * keepalived.conf(5): FILE_CHECK. The number in a track_file takes the server down or changes its weight. Not asked again and
 * again: each new reading gives a new outcome. Pure.
 */
import type { FileCheckConfig } from '../../config-parser/config.ts';
import type { ProbeOutcome } from '../probe.ts';

/** As keepalived has it: what a 32-bit number cannot hold any more, and the only weight that takes a server down. */
const lowestWeight = -(2 ** 31);
const highestWeight = 2 ** 31 - 1;

/**
 * `value` is the number that the file holds, 0 without a file; undefined where nobody has read it yet. Without a weight, or with
 * weight 0, any number but 0 is down, and with `reverse` 0 is. Else the product is added to the server's weight.
 */
export function outcomeOfFile(checker: FileCheckConfig, value: number | undefined): ProbeOutcome {
  const { file, weight = 0, reverse } = checker;
  if (value === undefined) {
    return { kind: 'inconclusive', detail: `The track file ${file} has not been read yet.`, elapsedMs: 0 };
  }
  if (weight === 0) return value !== 0 && !reverse ? down(checker, value) : onZero(checker, value);
  const product = value * weight * (reverse ? -1 : 1);
  if (product <= lowestWeight) return down(checker, value);
  // Without the sum -0 would be told as a change from 0.
  return { kind: 'ok', elapsedMs: 0, weight: { added: Math.min(product, highestWeight) + 0 } };
}

function onZero(checker: FileCheckConfig, value: number): ProbeOutcome {
  return value === 0 && checker.reverse ? down(checker, value) : { kind: 'ok', elapsedMs: 0 };
}

function down({ file }: FileCheckConfig, value: number): ProbeOutcome {
  return { kind: 'failed', reason: 'other', detail: `The track file ${file} holds ${value}.`, elapsedMs: 0 };
}
