/** `holdfast explain NAME`: what a keyword or a rule is about. */
import { nearest } from '../config-parser/index.ts';
import { explain, explainable } from '../lint/reference/explain.ts';
import { allRules } from '../lint/rules/index.ts';
import type { Streams } from './streams.ts';

/** Exit status: 0 explained, 2 not known. */
export function runExplain(names: readonly string[], streams: Streams): number {
  let status = 0;
  for (const [index, name] of names.entries()) {
    const text = explain(name, allRules);
    if (text === undefined) {
      status = 2;
      streams.error(`holdfast explain: ${unknown(name)}\n`);
    } else streams.out(index === 0 ? text : `\n${text}`);
  }
  return status;
}

/** Every name that can be explained, one a line. */
export function listExplainable(streams: Streams): number {
  streams.out(
    explainable(allRules)
      .map((name) => `${name}\n`)
      .join(''),
  );
  return 0;
}

function unknown(name: string): string {
  const near = nearest(name, explainable(allRules));
  const guess = near === undefined ? '' : `; did you mean "${near}"?`;
  return `"${name}" is neither a keyword nor a rule${guess}`;
}
