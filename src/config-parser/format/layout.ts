/**
 * The lines of a formatted file while they are put together: indentation follows from the blocks, blank lines are thinned
 * out, and a brace that stood alone can still join its heading.
 */

const indentUnit = '    ';

interface Item {
  /** Without indentation; empty for a blank line. */
  text: string;
  depth: number;
  readonly kind: 'blank' | 'comment' | 'heading' | 'open' | 'close' | 'other' | 'exact';
}

export class Layout {
  private readonly items: Item[] = [];
  private depth = 0;

  blank(): void {
    this.items.push({ text: '', depth: 0, kind: 'blank' });
  }

  /** A comment on a line of its own. */
  comment(text: string): void {
    this.items.push({ text: withoutBlanks(text), depth: this.depth, kind: 'comment' });
  }

  /** A statement; a brace on a line of its own may follow if `isHeading`. */
  statement(text: string, isHeading: boolean): void {
    this.items.push({ text, depth: this.depth, kind: isHeading ? 'heading' : 'other' });
  }

  /** Begins a block, after `text` or after what stands before. */
  open(text: string): void {
    if (text === '' && this.joinHeading()) return;
    this.items.push({ text: text === '' ? '{' : `${text} {`, depth: this.depth, kind: 'open' });
    this.depth += 1;
  }

  close(text: string): void {
    this.depth = Math.max(0, this.depth - 1);
    this.items.push({ text, depth: this.depth, kind: 'close' });
  }

  /** A line whose parts must stay together, with more closed than opened, or the other way round. */
  mixed(text: string, closed: number, opened: number): void {
    this.depth = Math.max(0, this.depth - closed);
    this.items.push({ text, depth: this.depth, kind: 'other' });
    this.depth += opened;
  }

  /** The same for a line that must begin with its first character. */
  outdented(text: string, closed: number, opened: number): void {
    this.items.push({ text, depth: 0, kind: 'other' });
    this.depth = Math.max(0, this.depth - closed) + opened;
  }

  /** A line as it is, blanks and all. */
  exact(text: string): void {
    this.items.push({ text, depth: 0, kind: 'exact' });
  }

  /** A comment behind what was added last. */
  trailingComment(text: string): void {
    const last = this.items.at(-1);
    if (last !== undefined) last.text = `${last.text} ${withoutBlanks(text)}`;
  }

  toString(): string {
    const lines: string[] = [];
    let before: Item | undefined;
    let isBlankPending = false;
    for (const item of this.items) {
      if (item.kind === 'blank') {
        isBlankPending = true;
        continue;
      }
      if (before !== undefined && wantsBlank(before, item, isBlankPending)) lines.push('');
      lines.push(item.kind === 'exact' ? item.text : indentUnit.repeat(item.depth) + item.text);
      before = item;
      isBlankPending = false;
    }
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  }

  /** Puts the brace behind the heading before it, with nothing but blank lines and comments between. */
  private joinHeading(): boolean {
    const index = this.items.findLastIndex(({ kind }) => kind !== 'blank' && kind !== 'comment');
    const heading = this.items[index];
    if (heading?.kind !== 'heading' || heading.text.includes(' #') || heading.text.includes(' !'))
      return false;
    this.items[index] = { ...heading, text: `${heading.text} {`, kind: 'open' };
    for (const item of this.items.slice(index + 1)) item.depth += 1;
    this.depth += 1;
    return true;
  }
}

/** Without those at the end. Nothing else: of other characters that count as space, bytes may be parts of letters. */
export function withoutBlanks(text: string): string {
  return text.replace(/[ \t\r]+$/, '');
}

function wantsBlank(before: Item, item: Item, isPending: boolean): boolean {
  if (item.kind === 'exact' || before.kind === 'exact') return isPending;
  if (before.kind === 'open' || item.kind === 'close') return false;
  return isPending || (before.kind === 'close' && before.depth === 0);
}
