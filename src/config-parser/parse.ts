/**
 * From text to concrete syntax. Never fails: what is wrong with the text is in the diagnostics, the text is in the CST.
 * Only what was not seen before is parsed: a configuration of 900,000 lines has perhaps 100,000 different ones.
 */
import type { CstFile, Line, LineShape } from './cst.ts';
import type { Diagnostic } from './diagnostics.ts';
import { ShapeMaker } from './line-shape.ts';
import { checkText, type Source } from './source.ts';

export interface Parsed {
  readonly file: CstFile;
  readonly diagnostics: readonly Diagnostic[];
}

export function parseSource(source: Source): Parsed {
  return { file: new FlyweightFile(source, parseLines(source.text)), diagnostics: checkText(source) };
}

/** One shape a line, the same for lines of equal text. */
export function parseLines(text: string): readonly LineShape[] {
  const maker = new ShapeMaker();
  const shapes: LineShape[] = [];
  for (let start = 0; start < text.length; ) {
    const shape = maker.next(text, start);
    shapes.push(shape);
    start += shape.text.length;
  }
  return shapes;
}

class FlyweightFile implements CstFile {
  readonly source: Source;
  readonly shapes: readonly LineShape[];
  private placed: readonly Line[] | undefined;

  constructor(source: Source, shapes: readonly LineShape[]) {
    this.source = source;
    this.shapes = shapes;
  }

  /** Made when somebody asks: a large file is read without. */
  get lines(): readonly Line[] {
    this.placed ??= placeLines(this.shapes);
    return this.placed;
  }
}

function placeLines(shapes: readonly LineShape[]): readonly Line[] {
  let start = 0;
  return shapes.map((shape) => {
    const line = { start, shape };
    start += shape.text.length;
    return line;
  });
}
