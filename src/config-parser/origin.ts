/**
 * Where the characters of a text stand in the operator's files. A line of a file stands where it stands; a line whose
 * variables have been replaced is put together from pieces, and what is wrong with a piece is mended where it is written.
 */
import type { Note, Span } from './diagnostics.ts';

export interface Origin {
  /** The file whose reading led here; built-in variables and includes depend on it. */
  readonly file: string;
  /** Where the characters from `start` to `end` are written. */
  span(start: number, end: number): Span;
}

/** A text with its place: its first character is the one at `start` of its origin. */
export interface Placed {
  readonly text: string;
  readonly start: number;
  readonly origin: Origin;
}

/** A file's own text; `via` tells how its reading led there, if not by itself. */
export function fileOrigin(file: string, via: readonly Note[] = []): Origin {
  if (via.length === 0) return { file, span: (start, end) => ({ file, start, end }) };
  return { file, span: (start, end) => ({ file, start, end, via }) };
}

/** `origin`, reached by what the notes say while `file` is read. */
export function reachedFrom(origin: Origin, file: string, notes: () => readonly Note[]): Origin {
  return { file, span: (start, end) => withVia(origin.span(start, end), notes()) };
}

/** Notes that many lines share are made when the first of them is asked where it stands. */
export function madeOnce(notes: () => readonly Note[]): () => readonly Note[] {
  let made: readonly Note[] | undefined;
  return () => {
    made ??= notes();
    return made;
  };
}

/** A stretch of a text that was put together. */
export interface Piece {
  readonly text: string;
  /** In the origin of the text that was replaced: the piece itself, or the reference that it stands for. */
  readonly start: number;
  readonly end: number;
  /** For a piece that stands for a reference: where its value is written, if it is written anywhere. */
  readonly value?: Placed;
  /** Said of a reference whose value is written nowhere. */
  readonly note?: string;
}

/** The text that the pieces make; `outer` is where the text with the references stands. */
export function joinPieces(pieces: readonly Piece[], outer: Origin): Placed {
  return { text: pieces.map(({ text }) => text).join(''), start: 0, origin: new PieceOrigin(pieces, outer) };
}

/** No line is that long. */
const farthest = 2 ** 26;

class PieceOrigin implements Origin {
  private readonly pieces: readonly Piece[];
  private readonly outer: Origin;
  /** Offset of each piece in the text that they make. */
  private readonly offsets: readonly number[];
  /** Rules ask again and again where the same words stand. By begin and end. */
  private known: Map<number, Span> | undefined;

  constructor(pieces: readonly Piece[], outer: Origin) {
    this.pieces = pieces;
    this.outer = outer;
    let offset = 0;
    this.offsets = pieces.map(({ text }) => {
      const own = offset;
      offset += text.length;
      return own;
    });
  }

  get file(): string {
    return this.outer.file;
  }

  span(start: number, end: number): Span {
    const key = start * farthest + end;
    const known = this.known?.get(key);
    if (known !== undefined) return known;
    const span = this.find(start, end);
    this.known ??= new Map();
    this.known.set(key, span);
    return span;
  }

  private find(start: number, end: number): Span {
    const first = this.indexAt(start);
    const last = this.indexAt(Math.max(end - 1, start));
    if (first === last) return this.spanInPiece(first, start, end);
    const whole = this.outer.span(this.placeOf(first, start)[0], this.placeOf(last, end - 1)[1]);
    return withVia(whole, this.pieces.slice(first, last + 1).flatMap(partNotes), 'before');
  }

  private spanInPiece(index: number, start: number, end: number): Span {
    const piece = this.pieces[index];
    if (piece === undefined) return this.outer.span(0, 0);
    const at = start - (this.offsets[index] ?? 0);
    const used = this.outer.span(piece.start, piece.end);
    if (piece.value !== undefined) {
      const { origin, start: base } = piece.value;
      return withVia(origin.span(base + at, base + at + end - start), usedHere(used));
    }
    if (piece.note !== undefined) return withVia(used, [{ message: piece.note }], 'before');
    if (piece.text.length !== piece.end - piece.start) return used;
    return this.outer.span(piece.start + at, piece.start + at + end - start);
  }

  /** The begin and the end of one character, in the outer text; of the whole reference where one was. */
  private placeOf(index: number, offset: number): readonly [number, number] {
    const piece = this.pieces[index];
    if (piece === undefined) return [0, 0];
    const isOwn = piece.value === undefined && piece.text.length === piece.end - piece.start;
    if (!isOwn || piece.note !== undefined) return [piece.start, piece.end];
    const own = piece.start + offset - (this.offsets[index] ?? 0);
    return [own, own + 1];
  }

  private indexAt(offset: number): number {
    let low = 0;
    let high = this.offsets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.offsets[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return Math.max(low, 0);
  }
}

function usedHere({ via = [], ...span }: Span): readonly Note[] {
  return [{ message: 'used here', span }, ...via];
}

/** What a word that is put together tells of one of its pieces. */
function partNotes({ text, value, note }: Piece): readonly Note[] {
  if (note !== undefined) return [{ message: note }];
  if (value === undefined || text === '') return [];
  const { via = [], ...span } = value.origin.span(value.start, value.start + text.length);
  return [{ message: `"${text}" is written here`, span }, ...via];
}

function withVia(span: Span, notes: readonly Note[], side: 'before' | 'after' = 'after'): Span {
  if (notes.length === 0) return span;
  const { via = [] } = span;
  return { ...span, via: side === 'after' ? [...via, ...notes] : [...notes, ...via] };
}
