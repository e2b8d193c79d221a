/**
 * The titles of the tests of a file, read from its text: `describe › test`. Nesting is told by indentation, which the formatter
 * keeps. Templates of test.each stay as they are written.
 */

export interface TestTitle {
  /** With those of the blocks around it, joined by ` › `. */
  readonly path: string;
  readonly isSkipped: boolean;
}

interface Call {
  readonly indent: number;
  readonly title: string;
  readonly head: string;
}

/** `describe('x', `, `test.each(rows)('x', `, and the end of a table of rows: `])('x', `. */
const call =
  /^( *)((?:describe|it|test)\b(?:\.\w+(?:\([^\n]*?\))?)*|\](?: as const)?(?: satisfies [^\n]+)?\)+)\(\s*(['"`])((?:\\.|(?!\3)[^\n\\])*)\3/gm;

export function testTitles(text: string): readonly TestTitle[] {
  const around: Call[] = [];
  return [...text.matchAll(call)].map(({ index, 1: indent = '', 2: end = '', 4: title = '' }) => {
    const head = end.startsWith(']') ? openingOf(text.slice(0, index), indent) : end;
    const found: Call = { indent: indent.length, title: title.replace(/\\(['"`\\])/g, '$1'), head };
    while ((around.at(-1)?.indent ?? -1) >= found.indent) around.pop();
    around.push(found);
    return {
      path: around.map((one) => one.title).join(' › '),
      isSkipped: around.some((one) => /\.(?:skip|todo)(?:\b(?!If))/.test(one.head)),
    };
  });
}

/** The line that began the table of rows which ends behind `before`. */
function openingOf(before: string, indent: string): string {
  const openings = [...before.matchAll(new RegExp(`^${indent}(?:describe|it|test)\\b[^\\n]*`, 'gm'))];
  return openings.at(-1)?.[0] ?? '';
}
