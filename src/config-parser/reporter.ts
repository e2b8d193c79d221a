/** Collects what is to be told. What would repeat itself all over a large file is told once, with the further places. */
import type { Diagnostic, Note, Span } from './diagnostics.ts';

/** Further places that are shown before the rest is only counted. */
const placesShown = 3;

interface Repeated {
  readonly diagnostic: Diagnostic;
  readonly further: Span[];
  count: number;
}

export class Reporter {
  /** How often something was said, folded or not. */
  said = 0;
  /** Every keyword that was read, as the files spell it: for who wants to know that there is nothing to look for. */
  readonly words = new Set<string>();
  private readonly folds: boolean;
  private readonly once: Diagnostic[] = [];
  private readonly repeated = new Map<string, Repeated>();

  /** @param folds what repeats itself is told once, for people; the linter wants every place. */
  constructor(folds = true) {
    this.folds = folds;
  }

  report(diagnostic: Diagnostic): void {
    this.said += 1;
    this.once.push(diagnostic);
  }

  /** Told each time, or as `reportOnce`, as the caller of the parser wants it. */
  reportEach(key: string, span: Span, describe: () => Diagnostic): void {
    if (this.folds) this.reportOnce(key, span, describe);
    else this.report({ ...describe(), span });
  }

  /** As `report`, but what has been reported under the same `key` becomes a note to the first. */
  reportOnce(key: string, span: Span, describe: () => Diagnostic): void {
    this.said += 1;
    const known = this.repeated.get(key);
    if (known === undefined) {
      this.repeated.set(key, { diagnostic: { ...describe(), span }, further: [], count: 0 });
      return;
    }
    known.count += 1;
    if (known.further.length < placesShown) known.further.push(span);
  }

  diagnostics(): readonly Diagnostic[] {
    return [...this.once, ...[...this.repeated.values()].map(withPlaces)];
  }
}

function withPlaces({ diagnostic, further, count }: Repeated): Diagnostic {
  if (count === 0) return diagnostic;
  const shown: Note[] = further.map((span) => ({ span, message: 'also here' }));
  const rest = count - further.length;
  const more: Note[] =
    rest === 0 ? [] : [{ message: `and in ${rest} more ${rest === 1 ? 'place' : 'places'}` }];
  return { ...diagnostic, notes: [...(diagnostic.notes ?? []), ...shown, ...more] };
}
