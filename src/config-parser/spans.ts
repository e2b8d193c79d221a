/** Where the parts of a Config stood in the files: kept beside the values, since those travel between processes. */
import type { BlockValues, Given } from './block-values.ts';
import type { Span } from './diagnostics.ts';
import type { Table } from './schema/index.ts';

/** What can say where it stands, and its keywords too, when it is asked. */
interface Placed extends Pick<Given, 'heading'> {
  readonly values?: Pick<BlockValues<Table>, 'spanOf'>;
}

export class Spans {
  private readonly values: object[] = [];
  private readonly places: Placed[] = [];
  /** Made when somebody asks, which for most configurations nobody does: as many entries as the lists have. */
  private readonly byValue = new Map<object, Placed>();

  private readonly isKept: boolean;

  /** @param isKept false for values that are let go at once: nothing is recorded then. */
  constructor(isKept = true) {
    this.isKept = isKept;
  }

  record(value: object, place: Placed): void {
    if (!this.isKept) return;
    this.values.push(value);
    this.places.push(place);
  }

  /** Of a part of the Config, or of a keyword in its block; undefined for what was not given in a file. */
  spanOf(value: object, keyword?: string): Span | undefined {
    for (let at = this.byValue.size; at < this.values.length; at += 1) {
      const [known, place] = [this.values[at], this.places[at]];
      if (known !== undefined && place !== undefined) this.byValue.set(known, place);
    }
    const place = this.byValue.get(value);
    return keyword === undefined ? place?.heading : place?.values?.spanOf(keyword);
  }
}
