import { describe, expect, it } from 'vitest';
import { formatDiagnostic, formatDiagnostics } from '../../src/cli/format-diagnostic.ts';
import type { Diagnostic } from '../../src/config-parser/index.ts';

const text = 'vrrp_instance VI_1 {\n\tvirtual_router_id 300\n}\n';
const sources = new Map([['a.conf', { name: 'a.conf', text }]]);
const start = text.indexOf('300');
const diagnostic: Diagnostic = {
  severity: 'fatal',
  code: 'invalid-value',
  message: 'virtual_router_id must be a whole number from 1 to 255, found "300"',
  span: { file: 'a.conf', start, end: start + 3 },
  help: 'choose another',
  notes: [
    { message: 'the first is here', span: { file: 'a.conf', start: 0, end: 5 } },
    { message: 'that is all' },
  ],
};

describe('formatDiagnostic', () => {
  it('shows place, severity, message, code, source line, caret, help and notes', () => {
    expect(formatDiagnostic(diagnostic, sources)).toBe(
      [
        'a.conf:2:20: fatal: virtual_router_id must be a whole number from 1 to 255, found "300" [invalid-value]',
        '  |',
        '2 | \tvirtual_router_id 300',
        '  | \t                  ^^^',
        '  = help: choose another',
        '  = note: a.conf:1:1: the first is here',
        '  = note: that is all',
      ].join('\n'),
    );
  });

  it('without a place shows the message alone', () => {
    const { span, help, notes, ...bare } = diagnostic;
    expect(formatDiagnostic(bare, sources)).toBe(`fatal: ${bare.message} [invalid-value]`);
  });

  it('without the source shows the name of the file', () => {
    expect(formatDiagnostic({ ...diagnostic, notes: [] }, new Map())).toMatch(/^a\.conf: fatal: /);
  });

  it('marks an empty place with one caret, and one that leaves the line only to its end', () => {
    const at = (begin: number, end: number) =>
      formatDiagnostic({ ...diagnostic, span: { file: 'a.conf', start: begin, end } }, sources).split(
        '\n',
      )[3];
    expect(at(start, start)).toMatch(/ \^$/);
    expect(at(start, text.length)).toMatch(/ \^\^\^$/);
  });

  it('shows a piece of a very long line', () => {
    const long = `${'x '.repeat(100_000)}300`;
    const from = long.length - 3;
    const lines = formatDiagnostic(
      { ...diagnostic, span: { file: 'long', start: from, end: from + 3 }, notes: [] },
      new Map([['long', { name: 'long', text: long }]]),
    ).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
    expect(lines[2]?.indexOf('300')).toBe(lines[3]?.indexOf('^^^'));
  });

  it('lets no control character of a file reach the terminal', () => {
    const evil = 'router_id \x1b]0;x\x07\u202e';
    const shown = formatDiagnostic(
      { ...diagnostic, message: `found "${evil}"`, span: { file: 'e', start: 0, end: 3 }, notes: [] },
      new Map([['e', { name: 'e', text: evil }]]),
    );
    expect([...shown].filter((char) => (char < ' ' && char !== '\n') || char === '\u202e')).toEqual([]);
  });

  it('of several ends each with a line end', () => {
    expect(formatDiagnostics([], sources)).toBe('');
    expect(formatDiagnostics([diagnostic, diagnostic], sources)).toBe(
      `${formatDiagnostic(diagnostic, sources)}\n`.repeat(2),
    );
  });
});
