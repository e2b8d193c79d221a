/**
 * What a statement means in its block. A large file says the same few lines again and again, and such statements share
 * their shape: what a shape means in a table is worked out once and kept with it.
 */
import type { BlockSchema, FoundKeyword } from './schema/index.ts';
import type { Statement } from './statement.ts';

export interface Reading {
  /** The table's name for the keyword, whatever spelling the file has. */
  readonly keyword: string;
  readonly value: unknown;
}

/** A reading of which there is nothing to say, kept with the shape; one shape may stand in blocks of several kinds. */
interface KnownReading extends Reading {
  readonly schema: BlockSchema;
  readonly found: FoundKeyword;
  readonly next: KnownReading | undefined;
}

export function knownReading(schema: BlockSchema, { shape }: Statement): KnownReading | undefined {
  // Only this file writes there, so that the type is known.
  let reading = shape.reading as KnownReading | undefined;
  while (reading !== undefined && reading.schema !== schema) reading = reading.next;
  return reading;
}

/** Keeps a reading for all statements of that shape. Equal words must give an equal value, and no message. */
export function keepReading(
  { shape }: Statement,
  schema: BlockSchema,
  found: FoundKeyword,
  value: unknown,
): void {
  const next = shape.reading as KnownReading | undefined;
  shape.reading = { schema, found, keyword: found.name, value, next } satisfies KnownReading;
}
