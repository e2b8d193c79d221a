/** What the parser says of an interval that it had to round. */
import type { Diagnostic } from '../../../../config-parser/index.ts';
import type { Fix } from '../../../finding.ts';
import type { FileModel, InstanceModel } from '../../../model/index.ts';
import { instanceAt } from './instance-places.ts';

/** Undefined unless it is about an interval in this version that is a number, but not one of those possible. */
export function roundedInterval(
  file: FileModel,
  diagnostic: Diagnostic,
  version: 2 | 3,
): InstanceModel | undefined {
  const instance = instanceAt(file, diagnostic, 'invalid-value', 'advert_int');
  return instance?.version === version ? instance : undefined;
}

/** In milliseconds. */
export interface Steps {
  readonly stepMs: number;
  readonly longestMs: number;
}

/** What is used in its place. */
export function roundInterval(intervalMs: number, { stepMs, longestMs }: Steps): number {
  const rounded = Math.round(intervalMs / stepMs) * stepMs;
  return Math.min(Math.max(rounded, stepMs), longestMs);
}

/** Write what is used anyway; none where the text is a variable's, which is used elsewhere too. */
export function writeInterval({ values }: InstanceModel, usedMs: number): Fix | undefined {
  const span = values.spanOf('advert_int');
  if (span === undefined || span.via !== undefined) return undefined;
  const text = `${usedMs / 1000}`;
  return { title: `write "advert_int ${text}"`, isSafe: false, edits: [{ span, text }] };
}
