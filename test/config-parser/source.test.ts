import { describe, expect, it } from 'vitest';
import { lineText, positionAt } from '../../src/config-parser/index.ts';
import { parseText, summary } from './parse-helpers.ts';

const source = { name: 'x', text: 'ab\n\tcd\r\n\nef' };

describe('positionAt', () => {
  it.each([
    [0, 1, 1],
    [1, 1, 2],
    [2, 1, 3],
    [3, 2, 1],
    [4, 2, 2],
    [7, 2, 5],
    [8, 3, 1],
    [9, 4, 1],
    [11, 4, 3],
    [99, 4, 3],
    [-1, 1, 1],
  ])('finds offset %i at line %i, column %i', (offset, line, column) => {
    expect(positionAt(source, offset)).toEqual({ line, column });
  });

  it('counts an astral character as two columns, as editors with UTF-16 do', () => {
    expect(positionAt({ name: 'x', text: '😀a' }, 2)).toEqual({ line: 1, column: 3 });
  });

  it('finds the one position of an empty text', () => {
    expect(positionAt({ name: 'x', text: '' }, 0)).toEqual({ line: 1, column: 1 });
  });
});

describe('lineText', () => {
  it('gives lines without their ends', () => {
    expect([1, 2, 3, 4, 5].map((line) => lineText(source, line))).toEqual(['ab', '\tcd', '', 'ef', '']);
  });
});

describe('a text that is not clean', () => {
  it('loses a byte order mark and nothing else', () => {
    const result = parseText('\uFEFFglobal_defs {\n router_id lb01\n}\n');
    expect(summary(result)).toEqual(['error byte-order-mark: \uFEFF']);
    expect(result.config.globalDefs.routerId).toBe('lb01');
  });

  it('loses a byte order mark of a file that was appended', () => {
    const result = parseText('global_defs {\n}\n\uFEFFglobal_defs {\n router_id lb01\n}\n');
    expect(summary(result)).toEqual(['error byte-order-mark: \uFEFF']);
    expect(result.config.globalDefs.routerId).toBe('lb01');
  });

  it('loses a line with a NUL byte and nothing else', () => {
    const result = parseText('global_defs {\n router_id a\n router_id b\0\n}\n');
    expect(summary(result)).toEqual(['error nul-byte: \0']);
    expect(result.config.globalDefs.routerId).toBe('a');
  });

  it('is warned of for a line longer than keepalived reads, and read', () => {
    const name = 'n'.repeat(1100);
    const result = parseText(`global_defs {\n router_id ${name}\n}\n`);
    expect(result.diagnostics.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      'warning line-too-long',
    ]);
    expect(result.config.globalDefs.routerId).toBe(name);
  });

  it('is warned of a long line by its bytes, not its characters', () => {
    expect(parseText(`#${'x'.repeat(1000)}\n`).diagnostics).toHaveLength(0);
    expect(parseText(`a\n#${'é'.repeat(520)}\n`).diagnostics.at(-1)).toMatchObject({ code: 'line-too-long' });
    expect(parseText(`#${'😀'.repeat(255)}\n`).diagnostics).toHaveLength(0);
  });

  it('is not warned of for a line of 1023 characters with its end', () => {
    expect(parseText(`#${'x'.repeat(1021)}\n`).diagnostics).toEqual([]);
    expect(parseText(`#${'x'.repeat(1022)}\n`).diagnostics).toHaveLength(1);
  });
});
