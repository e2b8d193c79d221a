import { describe, expect, it } from 'vitest';
import { codes, places, readText, shape } from './language-helpers.ts';

function lines(text: string): string {
  const read = readText(text);
  expect(codes(read)).toEqual([]);
  return shape(read.statements);
}

describe('a sequence', () => {
  it.each([
    ['~SEQ(i,3) x$i', 'x1; x2; x3'],
    ['~SEQ(i,2,4) x$i', 'x2; x3; x4'],
    ['~SEQ(i,10,8) x$i', 'x10; x9; x8'],
    ['~SEQ(i,1,2,6) x$i', 'x1; x3; x5'],
    ['~SEQ(i,5,-2,1) x$i', 'x5; x3; x1'],
    ['~SEQ(i,-1,+1) x$i', 'x-1; x0; x1'],
    ['~SEQ( i, 1, 2 ) x$i', 'x1; x2'],
    ['~SEQ (i,2)x$i', 'x1; x2'],
    ['  ~SEQ(i,2) x$i # note', 'x1; x2'],
    ['~SEQ(i,2) x', 'x; x'],
    ['~SEQ(i,0x2) x$i', 'x1; x2'],
    ['~SEQ(i,010) x', Array(8).fill('x').join('; ')],
    ['~SEQx(i,9,11) x$i', 'x9; xa; xb'],
    [`~SEQ(i,2) x\${i}y $i, $i) z$i-`, 'x1y 1, 1) z$i-; x2y 2, 2) z$i-'],
    ['$N=2\n~SEQ(i,$N) x$i', 'x1; x2'],
    [`$N=2\n~SEQ(i,\${N},3) x$i`, 'x2; x3'],
    ['~SEQ(a,2) ~SEQ(b,$a,2) x $a $b', 'x 1 1; x 1 2; x 2 2'],
    ['~SEQ(i,2) x$i {\n}\n~SEQ(i,1) }', 'x1{x2{}}'],
    ['~SEQ(i,2) $V=v$i\n$V', 'v2'],
    ['$A=~SEQ(i,2) x$i\n$A', 'x1; x2'],
    ['$A=\\\n~SEQ(i,2) x$i \\\ny\n$A', 'x1; x2; y'],
    ['@lb01 ~SEQ(i,2) x$i\n@lb02 ~SEQ(i,2) y$i', 'x1; x2'],
    ['~SEQ(i,2) @lb01 x$i', 'x1; x2'],
    [`$A=x\${i}\n~SEQ(i,2) $A`, 'x1; x2'],
    ['$A=x$i \\\ny$i\n\n~SEQ(i,2) $A', 'x1; y1; x2; y2'],
    ['$i=9\n~SEQ(i,2) x$i\nz$i', 'x1; x2; z2'],
    ['~SEQ(i,1) "$i " {\n}', '1 {}'],
  ])('%j stands for %s', (text, expected) => {
    const read = readText(text);
    expect(codes(read).filter((code) => !code.endsWith('unclosed-brace'))).toEqual([]);
    expect(shape(read.statements)).toBe(expected);
  });

  it.each([
    ['~LST(a,p,q) x$a', 'xp; xq'],
    ['~LST(a,p,) x$a', 'xp; x'],
    [`~LST({a,b},{1,2},{3,4}) x\${a}-\${b}`, 'x1-2; x3-4'],
    [`~LST({a, b}, {1, 2}) x\${a}\${b}`, 'x12'],
    [`~LST({a,b},{1},2) x\${a}-\${b}`, 'x1-; x2-'],
    ['$N=p\n~LST(a,$N,q) x$a', 'xp; xq'],
    ['~LST(a,1,2) ~SEQ(b,$a) x$b', 'x1; x1; x2'],
  ])('%j of a list stands for %s', (text, expected) => {
    expect(lines(text)).toBe(expected);
  });

  it.each([
    '~SEQ(i) x',
    '~SEQ() x',
    '~SEQ(,1) x',
    '~SEQ(i,x) x',
    '~SEQ(i,08) x',
    '~SEQ(i,1,1,5,6) x',
    '~SEQ(i,1 x',
    '~SEQ(i,1,0,5) x',
    '~SEQ(i,1,-1,5) x',
    '~SEQx(i,-1,1) x',
    '~SEQ',
    '~LST(a) x',
    '~LST({a,b},{1,2,3}) x',
    '~LST({a,b},{1,2}x) x',
    '~LST({a,b} x',
    '~LST(a, p, q r) x',
    '~FOO(a) x',
    '~',
  ])('%j is refused with a message, and the line ignored', (text) => {
    const read = readText(`${text}\ny\n`);
    expect(codes(read)).toEqual(['error invalid-sequence']);
    expect(shape(read.statements)).toBe('y');
    expect(read.diagnostics[0]?.span?.start).toBe(0);
  });

  it('says what it read and how it is written', () => {
    const [diagnostic] = readText('~SEQ(i,1,-1,5) x').diagnostics;
    expect(diagnostic?.message).toBe(
      'a sequence from 1 in steps of -1 never comes to 5; the line is ignored',
    );
    expect(readText('~SEQ(i) x').diagnostics[0]?.help).toMatch(/~SEQ\(variable,start,step,end\)/);
  });

  it.each([
    ['~SEQ(a,99999999999999999999) x'],
    [`${'~SEQ(a,1000) '.repeat(4)}x`],
    [`$L=${'y'.repeat(1000)}\n~SEQ(a,1000000) \${L}\${L}`],
  ])('%j is cut off before it stands for billions of lines', (text) => {
    const read = readText(text);
    expect(codes(read)).toContain('fatal too-many-expansions');
    expect(read.statements.length).toBeLessThan(200_001);
  });

  it('has the words of its text where they are written, and put together words with what they hold', () => {
    const { statements, sources } = readText('~SEQ(i,2) real 10.0.0.$i up\n~LST(a,p) on $a');
    const [, second, third] = statements;
    expect(places(second?.keyword, sources)).toBe('a.conf:real');
    expect(places(second?.args[0], sources)).toBe('a.conf:10.0.0.$i <- "i" is "2" here');
    expect(places(second?.args[1], sources)).toBe('a.conf:up');
    expect(places(third?.args[0], sources)).toBe('a.conf:p <- used here a.conf:$a');
  });
});
