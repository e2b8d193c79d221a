/**
 * Applies the edits of findings to texts. A fix is done whole or not at all; of two that touch the same place the first
 * counts, and the other gets its turn when the result is looked at again.
 */
import type { Edit, Finding, Fix } from './finding.ts';

export interface FixedTexts {
  /** New text by name of file; only of files that changed. */
  readonly texts: ReadonlyMap<string, string>;
  readonly appliedCount: number;
  /** The findings whose fix was made, in the order in which they came. */
  readonly applied: readonly Finding[];
}

/** @param texts every text that an edit may name. */
export function applyFixes(
  findings: readonly Finding[],
  texts: ReadonlyMap<string, string>,
  options: { readonly unsafe: boolean },
): FixedTexts {
  const chosen = new ChosenEdits(texts);
  const applied = findings.filter(({ fix }) => {
    const isWanted = fix !== undefined && (fix.isSafe || options.unsafe);
    return isWanted && chosen.add(fix);
  });
  return { texts: chosen.apply(), appliedCount: applied.length, applied };
}

/** Edits that do not touch each other, by file and in the order of the text. */
class ChosenEdits {
  private readonly texts: ReadonlyMap<string, string>;
  private readonly edits = new Map<string, Edit[]>();

  constructor(texts: ReadonlyMap<string, string>) {
    this.texts = texts;
  }

  add({ edits }: Fix): boolean {
    const isPossible = edits.length > 0 && edits.every((edit) => this.hasRoomFor(edit));
    if (!isPossible) return false;
    for (const edit of edits) {
      const list = this.edits.get(edit.span.file) ?? [];
      list.splice(this.placeFor(list, edit), 0, edit);
      this.edits.set(edit.span.file, list);
    }
    return true;
  }

  apply(): ReadonlyMap<string, string> {
    const results = new Map<string, string>();
    for (const [file, edits] of this.edits) {
      const before = this.texts.get(file) ?? '';
      const after = applyEdits(before, edits);
      if (after !== before) results.set(file, after);
    }
    return results;
  }

  private hasRoomFor(edit: Edit): boolean {
    const text = this.texts.get(edit.span.file);
    const { start, end } = edit.span;
    if (text === undefined || start < 0 || end < start || end > text.length) return false;
    const list = this.edits.get(edit.span.file) ?? [];
    const at = this.placeFor(list, edit);
    const before = list[at - 1];
    const after = list[at];
    return (
      (before === undefined || before.span.end < start || isApart(before, edit)) &&
      (after === undefined || end < after.span.start || isApart(edit, after))
    );
  }

  /** Index of the first edit that starts behind this one. */
  private placeFor(list: readonly Edit[], { span }: Edit): number {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle]?.span.start ?? 0) <= span.start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Side by side is no overlap, unless one of them is an insertion there. */
function isApart(first: Edit, second: Edit): boolean {
  const isInsertion = ({ span }: Edit): boolean => span.start === span.end;
  return first.span.end === second.span.start && !isInsertion(first) && !isInsertion(second);
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { span, text: replacement } of edits) {
    parts.push(text.slice(at, span.start), replacement);
    at = span.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
