/** Where something holds that is told once for a whole file: the first place, the next few, and how many there are. */
import type { Note, Span } from '../../../config-parser/index.ts';

/** Further places that are shown before the rest is only counted. */
const furtherShown = 3;

export class Places {
  count = 0;
  private readonly spans: Span[] = [];

  add(item: { readonly heading: Span }): void {
    this.addSpan(() => item.heading);
  }

  /** `span` is asked only for the places that are shown. */
  addSpan(span: () => Span): void {
    this.count += 1;
    if (this.spans.length <= furtherShown) this.spans.push(span());
  }

  get first(): Span | undefined {
    return this.spans[0];
  }

  /** Of the places after the first. */
  get notes(): readonly Note[] {
    const further = this.spans.slice(1).map((span) => ({ span, message: 'also here' }));
    const rest = this.count - this.spans.length;
    if (rest <= 0) return further;
    return [...further, { message: `and in ${rest} more ${rest === 1 ? 'place' : 'places'}` }];
  }
}

/** `1 real server`, `12 real servers`. */
export function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${count} ${noun}${noun.endsWith('s') ? 'es' : 's'}`;
}

/** `has` of one, `have` of several. */
export function hasOrHave(count: number): string {
  return count === 1 ? 'has' : 'have';
}
