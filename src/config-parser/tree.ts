/**
 * From lines to statements and blocks. A line is a statement: a keyword, its arguments, and a block if a brace follows.
 * Nesting is kept on a stack of our own, so depth costs memory and nothing else. What a keyword means is not known here.
 *
 * Where the braces do not fit, the tree is built once more and indentation is asked which of them is missing or too many:
 * the operator is told of that one, and the blocks around it are read as they were meant.
 */
import { closedBy, countEnded, type OpenBlock } from './brace-repair.ts';
import type { LineShape, Token } from './cst.ts';
import type { Diagnostic, Note, Span } from './diagnostics.ts';
import { isWord, statementOf } from './line-shape.ts';
import type { Origin } from './origin.ts';
import { PlacedBlock, PlacedStatement, type SharedBody, type Statement } from './statement.ts';

export { argumentSpan, type Block, headingSpan, type Statement } from './statement.ts';

/** Lines that follow each other without a gap in one text. */
export interface Run {
  readonly origin: Origin;
  /** Where the first of them begins in `origin`. */
  readonly start: number;
  readonly shapes: readonly LineShape[];
  /** The lines are `shapes[from]` to `shapes[to - 1]`. */
  readonly from: number;
  readonly to: number;
  /** The lines were put together: their indentation tells nothing. */
  readonly isExpanded: boolean;
}

export interface Tree {
  readonly statements: readonly Statement[];
  readonly diagnostics: readonly Diagnostic[];
}

export function buildTree(runs: readonly Run[]): Tree {
  const literal = buildWith(runs, false);
  if (literal.badBraces === 0) return literal.tree;
  const repaired = buildWith(runs, true);
  return repaired.badBraces <= literal.badBraces ? repaired.tree : literal.tree;
}

function buildWith(runs: readonly Run[], asksIndentation: boolean): Built {
  const builder = new TreeBuilder(asksIndentation, new Bodies());
  for (const run of runs) builder.addRun(run);
  return builder.finish();
}

interface Built {
  readonly tree: Tree;
  /** How many braces are missing or too many. */
  readonly badBraces: number;
}

/** The line that is being read. */
interface At {
  readonly origin: Origin;
  readonly start: number;
  /** Undefined where indentation tells nothing. */
  readonly indent: string | undefined;
}

const reportedUnclosed = 5;

/** Longer insides are seldom the same, and comparing them costs. */
const mostSharedLines = 16;

/** The insides of blocks, by their first line. Only lines of which there is nothing to say by themselves are in them. */
class Bodies {
  private readonly bodies = new Map<LineShape, BlockBody>();

  /** The inside that stands in `shapes` from `index`, if it is known. */
  find(shapes: readonly LineShape[], index: number, to: number): BlockBody | undefined {
    const first = shapes[index];
    const body = first && this.bodies.get(first);
    if (body === undefined || index + body.shapes.length > to) return undefined;
    for (let at = 1; at < body.shapes.length; at += 1) {
      if (shapes[index + at] !== body.shapes[at]) return undefined;
    }
    return body;
  }

  /** The lines from `first` to the one at `last`, which closes the block. */
  keep(shapes: readonly LineShape[], first: number, last: number): void {
    const shape = shapes[first];
    if (shape === undefined || first >= last || last - first >= mostSharedLines) return;
    this.bodies.set(shape, new BlockBody(shapes.slice(first, last + 1), this));
  }
}

class BlockBody implements SharedBody {
  /** With the line that closes the block. */
  readonly shapes: readonly LineShape[];
  /** In characters. */
  readonly length: number;
  readonly closeBrace: number;
  template: unknown = undefined;
  private readonly bodies: Bodies;

  constructor(shapes: readonly LineShape[], bodies: Bodies) {
    const last = shapes.at(-1);
    this.shapes = shapes;
    this.length = shapes.reduce((sum, { text }) => sum + text.length, 0);
    this.closeBrace = this.length - (last?.text.length ?? 0) + (last?.brace ?? 0);
    this.bodies = bodies;
  }

  statementsAt(origin: Origin, start: number): readonly Statement[] {
    const builder = new TreeBuilder(false, this.bodies);
    const { shapes } = this;
    builder.addRun({ origin, start, shapes, from: 0, to: shapes.length - 1, isExpanded: false });
    return builder.finish().tree.statements;
  }
}

class TreeBuilder {
  private readonly root: Statement[] = [];
  private readonly stack: OpenBlock[] = [];
  /** Of the innermost open block. */
  private statements: Statement[] = this.root;
  private readonly diagnostics: Diagnostic[] = [];
  /** The statement before this point, while only blanks, comments and line ends lie between: it may get its brace yet. */
  private latest: PlacedStatement | undefined;
  private readonly asksIndentation: boolean;
  private readonly bodies: Bodies;
  private badBraces = 0;

  constructor(asksIndentation: boolean, bodies: Bodies) {
    this.asksIndentation = asksIndentation;
    this.bodies = bodies;
  }

  addRun({ origin, start: runStart, shapes, from, to, isExpanded }: Run): void {
    const canShare = !this.asksIndentation && !isExpanded;
    // What was opened in another text ends here at the latest, and not with lines that could stand elsewhere too.
    for (const open of this.stack) open.firstLine = -1;
    let start = runStart;
    for (let index = from; index < to; index += 1) {
      const shape = shapes[index];
      if (shape === undefined) break;
      if (canShare && shape.form === 'close') this.keepBody(shapes, index);
      if (shape.form !== 'blank') this.addLine(shape, origin, start, isExpanded);
      start += shape.text.length;
      if (!canShare || shape.form !== 'open') continue;
      const body = this.bodies.find(shapes, index + 1, to);
      if (body === undefined) this.setFirstLine(index + 1);
      else {
        this.closeShared(body, origin, start);
        index += body.shapes.length;
        start += body.length;
      }
    }
  }

  private setFirstLine(index: number): void {
    const top = this.stack.at(-1);
    if (top !== undefined && !top.skipped) top.firstLine = index;
  }

  /** The line at `index` closes a block, whose inside may come again. */
  private keepBody(shapes: readonly LineShape[], index: number): void {
    const first = this.stack.at(-1)?.firstLine ?? -1;
    if (first !== -1) this.bodies.keep(shapes, first, index);
  }

  /** The lines of `body`, which begin at `start`, are the inside and the end of the block that was opened last. */
  private closeShared(body: BlockBody, origin: Origin, start: number): void {
    const top = this.stack.at(-1);
    if (top !== undefined) top.block.body = body;
    this.closeBlock(origin, start + body.closeBrace, undefined);
  }

  finish(): Built {
    const unclosed = this.stack.filter(({ skipped }) => !skipped);
    for (const { block } of unclosed.slice(0, reportedUnclosed)) this.reportUnclosed(block.open, undefined);
    while (this.stack.length > 0) this.popBlock();
    const badBraces = this.badBraces + unclosed.length;
    return { tree: { statements: this.root, diagnostics: this.diagnostics }, badBraces };
  }

  private addLine(shape: LineShape, origin: Origin, start: number, isExpanded: boolean): void {
    if (this.asksIndentation && !isExpanded) this.closeByIndentation(shape, origin, start);
    const { statement } = shape;
    if (statement !== undefined) {
      this.addStatement(new PlacedStatement(statement, origin, start));
      if (shape.form === 'open') this.openBlock(origin, start + shape.brace, shape.indent);
    } else if (shape.form === 'close') {
      this.closeBlock(origin, start + shape.brace, isExpanded ? undefined : shape.indent);
    } else this.addMixed(shape, { origin, start, indent: isExpanded ? undefined : shape.indent });
  }

  private addMixed({ tokens, indent }: LineShape, at: At): void {
    for (const open of this.stack) open.firstLine = -1;
    let from = 0;
    for (const [index, token] of tokens.entries()) {
      if (isWord(token)) {
        if (token.kind === 'unterminated') this.reportUnterminated(token, at);
        continue;
      }
      if (index > from) {
        this.addStatement(new PlacedStatement(statementOf(tokens, from, index - from), at.origin, at.start));
      }
      from = index + 1;
      if (token.kind === 'open') this.openBlock(at.origin, at.start + token.start, indent);
      if (token.kind === 'close') {
        this.closeBlock(at.origin, at.start + token.start, index === 0 ? at.indent : undefined);
      }
    }
    if (tokens.length > from) {
      this.addStatement(
        new PlacedStatement(statementOf(tokens, from, tokens.length - from), at.origin, at.start),
      );
    }
  }

  private addStatement(statement: PlacedStatement): void {
    this.latest = statement;
    this.statements.push(statement);
  }

  private openBlock(origin: Origin, brace: number, indent: string): void {
    const owner = this.latest;
    const isInSkipped = this.stack.at(-1)?.skipped === true;
    const block = new PlacedBlock(origin, brace);
    if (owner !== undefined) owner.block = block;
    else if (!isInSkipped) this.reportUnexpectedOpen(block.open);
    this.stack.push({
      block,
      outer: this.statements,
      skipped: owner === undefined || isInSkipped,
      indent,
      isIndented: false,
      firstLine: -1,
    });
    this.statements = [];
    this.latest = undefined;
  }

  private closeBlock(origin: Origin, brace: number, indent: string | undefined): void {
    this.latest = undefined;
    const top = this.stack.at(-1);
    const isTooMany =
      top === undefined || (this.asksIndentation && indent !== undefined && !closedBy(indent, top));
    if (isTooMany) {
      this.badBraces += 1;
      this.diagnostics.push(unexpectedClose(origin.span(brace, brace + 1)));
      return;
    }
    top.block.closeAt(origin, brace);
    this.popBlock();
  }

  private popBlock(): void {
    const top = this.stack.pop();
    if (top === undefined) return;
    // An array that was grown by pushing has room to spare; a copy has none
    if (this.statements.length > 0) top.block.statements = this.statements.slice();
    this.statements = top.outer;
  }

  /** Ends the blocks that, going by its indentation, this line does not belong to. */
  private closeByIndentation(shape: LineShape, origin: Origin, start: number): void {
    const count = countEnded(shape, this.stack);
    for (let closed = 0; closed < count; closed += 1) {
      const top = this.stack.at(-1);
      if (top === undefined) return;
      if (top.skipped) {
        this.popBlock();
        continue;
      }
      this.badBraces += 1;
      const begin = start + shape.indent.length;
      const end = start + shape.text.trimEnd().length;
      if (this.badBraces <= reportedUnclosed) this.reportUnclosed(top.block.open, origin.span(begin, end));
      this.popBlock();
      this.latest = undefined;
    }
    const top = this.stack.at(-1);
    if (top !== undefined && shape.indent.length > top.indent.length) top.isIndented = true;
  }

  private reportUnterminated(token: Token, { origin, start }: At): void {
    this.diagnostics.push({
      severity: 'error',
      code: 'unterminated-quote',
      message: 'a double quote is not closed on its line; the rest of the line is taken as one word',
      span: origin.span(start + token.start, start + token.start + token.text.length),
      help: 'close the quote, or leave it away',
    });
  }

  private reportUnexpectedOpen(span: Span): void {
    this.badBraces += 1;
    this.diagnostics.push({
      severity: 'error',
      code: 'unexpected-open-brace',
      message: 'this brace opens a block that has no name; it is skipped to its closing brace',
      span,
      notes: [
        { message: 'keepalived ignores the brace and reads what follows as part of the block around it' },
      ],
    });
  }

  private reportUnclosed(open: Span, next: Span | undefined): void {
    this.diagnostics.push({
      severity: 'error',
      code: 'unclosed-brace',
      message: 'this block is not closed before the file ends',
      span: open,
      help: 'add the missing "}"',
      notes: next === undefined ? [] : outsideNotes(next),
    });
  }
}

function outsideNotes(span: Span): readonly Note[] {
  return [
    { span, message: 'going by its indentation this line is outside of the block, and holdfast takes it so' },
    { message: 'keepalived does not: to it all that follows is inside of the block' },
  ];
}

function unexpectedClose(span: Span): Diagnostic {
  return {
    severity: 'error',
    code: 'unexpected-close-brace',
    message: 'this brace closes nothing; it is ignored',
    span,
    help: 'remove it, or look for a block above that is closed too early',
  };
}
