/** Where the parts of a Config stood in the files: kept beside the values, since those travel between processes. */
import type { BlockValues, Given } from './block-values.ts';
import type { Span } from './diagnostics.ts';
import type { Table } from './schema/index.ts';

/** What can say where it stands, when it is asked. */
type Placed = Pick<Given, 'heading'>;

interface Origin {
  readonly place: Placed;
  readonly values: Pick<BlockValues<Table>, 'spanOf'> | undefined;
}

export class Spans {
  private readonly origins = new Map<object, Origin>();

  record(value: object, place: Placed, values?: Pick<BlockValues<Table>, 'spanOf'>): void {
    this.origins.set(value, { place, values });
  }

  /** Of a part of the Config, or of a keyword in its block; undefined for what was not given in a file. */
  spanOf(value: object, keyword?: string): Span | undefined {
    const origin = this.origins.get(value);
    return keyword === undefined ? origin?.place.heading : origin?.values?.spanOf(keyword);
  }
}
