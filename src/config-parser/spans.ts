/** Where the parts of a Config stood in the files: kept beside the values, since those travel between processes. */

import type { BlockValues } from './block-values.ts';
import type { Span } from './diagnostics.ts';
import type { Table } from './schema/index.ts';

interface Origin {
  readonly heading: Span;
  readonly values?: Pick<BlockValues<Table>, 'spanOf'>;
}

export class Spans {
  private readonly origins = new Map<object, Origin>();

  record(value: object, heading: Span, values?: Pick<BlockValues<Table>, 'spanOf'>): void {
    this.origins.set(value, values === undefined ? { heading } : { heading, values });
  }

  /** Of a part of the Config, or of a keyword in its block; undefined for what was not given in a file. */
  spanOf(value: object, keyword?: string): Span | undefined {
    const origin = this.origins.get(value);
    return keyword === undefined ? origin?.heading : origin?.values?.spanOf(keyword);
  }
}
