/** Where the parts of a Config stood in the files: kept beside the values, since those travel between processes. */
import type { BlockValues, Given } from './block-values.ts';
import type { Span } from './diagnostics.ts';
import type { Table } from './schema/index.ts';

/** What can say where it stands, and its keywords too, when it is asked. */
interface Placed extends Pick<Given, 'heading'> {
  readonly values?: Pick<BlockValues<Table>, 'spanOf'>;
}

export class Spans {
  private readonly places = new Map<object, Placed>();

  record(value: object, place: Placed): void {
    this.places.set(value, place);
  }

  /** Of a part of the Config, or of a keyword in its block; undefined for what was not given in a file. */
  spanOf(value: object, keyword?: string): Span | undefined {
    const place = this.places.get(value);
    return keyword === undefined ? place?.heading : place?.values?.spanOf(keyword);
  }
}
