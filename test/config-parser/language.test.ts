/** How keepalived.conf(5) is read, line by line; what keepalived itself does was tried out with 2.2.7. */
import { describe, expect, it } from 'vitest';
import { codes, places, readText, readTexts, shape } from './language-helpers.ts';

function lines(text: string): string {
  return shape(readText(text).statements);
}

describe('a physical line', () => {
  it.each([
    ['a b\r\nc', 'a b; c'],
    ['\ta\t b  \n', 'a b'],
    ['a b\\\nc', 'a b\\; c'],
    ['A a', 'A a'],
    ['a\x0bb c', 'a\x0bb c'],
    ['a b\0c\nd', 'd'],
    ['$A=x\0\n$A', '$A'],
    ['\uFEFFa b', 'a b'],
    ['\uFEFFinclude none\nb', 'b'],
    ['\uFEFF$A=x\n$A', 'x'],
  ])('%j is read as %j', (text, expected) => {
    expect(lines(text)).toBe(expected);
  });
});

describe('a comment', () => {
  it.each([
    ['a b#c', 'a b'],
    ['a!b', 'a'],
    ['  # a {', ''],
    ["a 'b # c'", "a 'b"],
    ['a "b # c!" d', 'a b # c! d'],
    ['a\\#b\\!c', 'a#b!c'],
    [`a \${_HASH}b c`, 'a'],
    [`a b\${_BANG}c d`, 'a b'],
    [`$OFF=\${_HASH}\na {\n$OFF b\n}`, 'a{}'],
    [`a "x\${_HASH}y\${_BANG} z" d`, 'a x#y! z d'],
    [`a "\${_HASH}"`, 'a #'],
    ['a @b #c', 'a @b'],
    ['#@lb01 a', ''],
    ['include x # {', ''],
    ['$A=b # c\na $A', 'a b'],
    [`$A=b\\#c\na $A "\${A}"`, 'a b#c b#c'],
  ])('in %j leaves %j', (text, expected) => {
    expect(lines(text)).toBe(expected);
  });
});

describe('words and braces', () => {
  it.each([
    ['a "b c" d', 'a b c d'],
    ['a"b c"d', 'a b c d'],
    ['a "" b', 'a  b'],
    ["a 'b c'", "a 'b c'"],
    ['a "b\\n"', 'a b\\n'],
    ['a b{\n}', 'a b{}'],
    ['a\n# note\n\n{\nb\n}', 'a{b}'],
    ['a {\nb\n} c {\n}', 'a{b}; c{}'],
    ['a { b }', 'a{b}'],
    ['a {\np 5 } b {\n}', 'a{p 5}; b{}'],
    ['a "{" "}"', 'a { }'],
    ['$A=b {\n$A\nc\n}', 'b{c}'],
    ['$O=a {\n$C=}\n$O\nb\n$C', 'a{b}'],
  ])('of %j are %j', (text, expected) => {
    expect(lines(text)).toBe(expected);
  });

  it('have a brace in single quotes for a real one', () => {
    const read = readText("a {\n r 'x{2}'\n b\n}\n");
    expect(shape(read.statements)).toBe("a{r 'x{2}; '; b}");
  });

  it('that are not in a block after "{" keep the tree of the others', () => {
    expect(lines('a {\n{\nb\n}\nc\n}\nd')).toBe('a{c}; d');
  });
});

describe('a variable', () => {
  it.each([
    ['$A=\nx $A y', 'x y'],
    ['$A=1\nx $A, y', 'x 1, y'],
    ['$A=1\nx ($A) y', 'x (1) y'],
    ['$A=1\nx $A-y $A/2', 'x $A-y $A/2'],
    ['$A=1\nx $A{\n}', 'x $A{}'],
    [`$A=1\nx "$A" "\${A}"`, 'x $A 1'],
    ['$A=1\n$A=2\nx $A', 'x 2'],
    ['$A=$B\n$B=1\n$B=2\nx $A', 'x 2'],
    ['  $A=1\nx $A', 'x 1'],
    ['$A=  1  2 \nx $A', 'x 1 2'],
    [`$_HASH=h\nx \${_HASH}`, 'x h'],
    [`x \${_INSTANCE}`, 'x lb01'],
    ['$A=p\\\nq\nx $A', 'x p; q'],
    ['$A=\\\np\\\n\nq\n$A', 'q; p'],
    ['$A=p \\\n  # note\nq\n$A', 'p; q'],
    ['$A=p \\ # note\nq # \\\nr\n$A', 'r; p; q'],
    ['$A=a { \\\n $B=1 \\\n @lb01 b $B \\\n @lb02 c \\\n}\n$A', 'a{b 1}'],
    ['$A=a \\\nb\n$C=\\\n$A\\\nc\n$C', 'a; b; c'],
    ['$1=x\n$1', '$1=x; $1'],
  ])('in %j makes %j', (text, expected) => {
    expect(lines(text)).toBe(expected);
  });

  it.each([
    ['x $A', 'warning undefined-variable'],
    [`x \${A}`, 'error undefined-variable'],
    ['$A = 1', 'error undefined-variable'],
    ['$A=p\\\nq\n$A x', 'error undefined-variable'],
    ['$A=$A\nx $A', 'error nested-too-deep'],
    ['$A=$B\n$B=$A\nx $A', 'error nested-too-deep'],
    [`x \${_ENV NOBODY}`, 'warning undefined-variable'],
    [`x \${_ENV}`, 'error invalid-value'],
    [`x \${_PWD 1}`, 'error invalid-value'],
    [`x \${_RANDOM a}`, 'error invalid-value'],
    [`x \${_RANDOM 1 2 3}`, 'error invalid-value'],
  ])('in %j is told as %s', (text, expected) => {
    const read = readText(`${text}\n`);
    expect(codes(read)).toEqual([expected]);
    expect(read.diagnostics[0]?.span).toBeDefined();
  });

  it('of the environment has its value, and nothing where there is none', () => {
    const environment = { HOME: '/root', HASH: 'a#b' };
    const text = `x \${_ENV HOME}/y \${_ENV NOBODY} z \${_ENV HASH} \${_ENV toString}`;
    expect(shape(readText(text, { environment }).statements)).toBe('x /root/y z a#b');
  });

  it('_PWD is the folder of the file that is read, also in a variable of another', () => {
    const texts = {
      '/etc/a.conf': `$P=\${_PWD}\ninclude d/b.conf\nx $P`,
      '/etc/d/b.conf': `y $P \${_PWD}\n`,
    };
    expect(shape(readTexts(texts).statements)).toBe('y /etc/d /etc/d; x /etc');
  });

  it('_RANDOM is within its bounds, and the same at each reading', () => {
    const text = `${Array.from({ length: 200 }, () => `x \${_RANDOM 3 5}`).join('\n')}\ny \${_RANDOM}\n`;
    const values = readText(text).statements.map(({ shape }) => Number(shape.args[0]));
    expect(new Set(values.slice(0, 200))).toEqual(new Set([3, 4, 5]));
    expect(values[200]).toBeLessThan(32_768);
    expect(lines(text)).toBe(lines(text));
    expect(lines(`x \${_RANDOM 7 7} \${_RANDOM 9 8}`)).toMatch(/^x 7 [89]$/);
  });

  it('_RANDOM follows random_seed', () => {
    const text = (seed: number) => `global_defs {\nrandom_seed ${seed}\n}\nx \${_RANDOM 0 1000000}\n`;
    expect(lines(text(5))).toBe(lines(text(5)));
    expect(lines(text(5))).not.toBe(lines(text(6)).replace('seed 6', 'seed 5'));
  });
});

describe('a line for some nodes', () => {
  it.each([
    ['@lb01 a b', 'a b'],
    ['@lb02 a b', ''],
    ['@^lb02 a', 'a'],
    ['@^lb01 a', ''],
    ['@lb a', ''],
    ['@LB01 a', ''],
    ['@ a', ''],
    ['@^ a', 'a'],
    ['@lb01\ta', 'a'],
    ['@lb01{ a', ''],
    ['@^lb01{ a', 'a'],
    ['@lb01', ''],
    ['@lb01 @lb01 a', '@lb01 a'],
    ['@lb01 a {\nb\n@lb01 }\nc', 'a{b}; c'],
    ['@lb02 $A=1\n@lb01 $A=2\nx $A', 'x 2'],
    ['@lb02 $A=1 \\\n3\n@lb01 $A=2\nx $A', 'x 2'],
  ])('%j is read on lb01 as %j', (text, expected) => {
    expect(lines(text)).toBe(expected);
  });
});

describe('a place', () => {
  it('of a word in a variable is where the variable is written, with the use as its chain', () => {
    const { statements, sources } = readTexts({
      'a.conf': `include b.conf\n$V=\${NET}.5/24 up\nx $V y\n`,
      'b.conf': '$NET=10.0.0\n$D=$E\n$E=eth0\nz $D\n',
    });
    const [z, x] = statements;
    expect(places(z?.args[0], sources)).toBe('b.conf:eth0 <- used here b.conf:$E <- used here b.conf:$D');
    expect(places(x?.keyword, sources)).toBe('a.conf:x');
    expect(places(x?.args[0], sources)).toBe(
      `a.conf:\${NET}.5/24 <- "10.0.0" is written here b.conf:10.0.0 <- used here a.conf:$V`,
    );
    expect(places(x?.args[1], sources)).toBe('a.conf:up <- used here a.conf:$V');
    expect(places(x?.args[2], sources)).toBe('a.conf:y');
  });

  it('of a word that is put together is where it is used, with what it is made of', () => {
    const { statements, sources } = readText(`$A=10.0\nx \${A}.0.1\n`);
    expect(places(statements[0]?.args[0], sources)).toBe(
      `a.conf:\${A}.0.1 <- "10.0" is written here a.conf:10.0`,
    );
  });

  it('of a line in a variable of several is that line, with the use as its chain', () => {
    const { statements, sources } = readText('$A=\\\np 1 \\\nq 2\n\n$A\n');
    expect(places(statements[1]?.args[0], sources)).toBe('a.conf:2 <- used here a.conf:$A');
  });

  it('of what nothing writes is the reference', () => {
    const { statements, sources } = readText(`x \${_RANDOM 5 5} a\${_INSTANCE}\n`);
    expect(places(statements[0]?.args[0], sources)).toBe(`a.conf:\${_RANDOM 5 5} <- it was replaced by "5"`);
    expect(places(statements[0]?.args[1], sources)).toBe(`a.conf:a\${_INSTANCE}`);
  });

  it('of an undefined variable in a variable leads to where that is used', () => {
    const { diagnostics, sources } = readText('$A=$B\nx $A\n');
    expect(places(diagnostics[0]?.span, sources)).toBe('a.conf:$B <- used here a.conf:$A');
  });

  it('of braces and headings is told alike', () => {
    const { statements, sources } = readText('$A=a b {\n$A\n}\n');
    expect(places(statements[0]?.block?.open, sources)).toBe('a.conf:{ <- used here a.conf:$A');
    expect(places(statements[0]?.spanOfWords(0), sources)).toBe('a.conf:a b <- used here a.conf:$A');
  });
});
