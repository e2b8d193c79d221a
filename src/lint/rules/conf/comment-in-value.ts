import type { Source, Token } from '../../../config-parser/index.ts';
import type { Fix } from '../../finding.ts';
import { fileRule, type Report } from '../../rule.ts';
import { block, instance, textOf } from './example.ts';
import { type TextLine, tokensOf } from './source-text.ts';

/** Keywords whose value is free text: passwords, patterns, paths, commands. After others it is a comment that is meant. */
const freeText =
  /^(?:auth_pass|key|password|regex|path|digest|virtualhost|script|misc_path|payload|require_reply|router_id|helo_name|include[a-z]?|\$\w+=.*|(?:\w+_)?notify\w*|quorum_(?:up|down)|(?:startup|shutdown)_script)$/;

function example(password: string): string {
  const authentication = block('authentication', ['auth_type PASS', `auth_pass ${password}`]);
  return textOf(instance('VI_1', authentication));
}

/** keepalived.conf(5): comments start with # or ! anywhere on a line. */
export const commentInValue = fileRule({
  name: 'conf/comment-in-value',
  level: 'error',
  summary: 'A value is cut where it holds # or !',
  details: `\`#\` and \`!\` begin a comment anywhere on a line, also in the middle of a word: \`auth_pass pa#ss\` is the password \`pa\`,
and a regular expression or a path ends there. Single quotes do not protect them. keepalived says nothing, and two directors with
the same mistake even agree. Write the value in double quotes, or a backslash before the character. Where other directors run with
the short value, change all of them together.`,
  keepalived: 'silent',
  bad: example('pa#ss'),
  good: example('"pa#ss"'),
  check: ({ resolved }, report) => {
    for (const source of resolved.sources.values()) lookThrough(source, report);
  },
});

function lookThrough(source: Source, report: Report): void {
  for (const mark of ['#', '!']) {
    const other = mark === '#' ? '!' : '#';
    for (let at = source.text.indexOf(mark); at !== -1; ) {
      const line = lineRound(source, at);
      const before = line.text.slice(0, at - line.start);
      // The first mark of a line decides, and most begin the line.
      if (before.trim() !== '' && !isComment(before) && !before.includes(other)) reportLine(line, report);
      at = source.text.indexOf(mark, line.start + line.text.length);
    }
  }
}

/** A line of which a comment is all that follows. */
function isComment(before: string): boolean {
  return /^[ \t]*[#!]/.test(before);
}

function lineRound(source: Source, at: number): TextLine {
  const start = source.text.lastIndexOf('\n', at) + 1;
  const end = source.text.indexOf('\n', at) + 1 || source.text.length;
  return { text: source.text.slice(start, end), start, source };
}

function reportLine(line: TextLine, report: Report): void {
  const tokens = tokensOf(line);
  const at = tokens.findIndex(({ kind }) => kind === 'comment');
  const comment = tokens[at];
  const word = tokens[at - 1];
  if (comment === undefined || word === undefined) return;
  const keyword = keywordOf(tokens);
  const isCut = comment.lead === '' && word.kind === 'word';
  if (!freeText.test(keyword) || !(isCut || isInSingleQuotes(tokens.slice(0, at)))) return;
  const rest = comment.text.split(/[ \t]/, 1)[0] ?? '';
  const lost = `${word.text}${comment.lead}${rest}`;
  const shown = keyword.startsWith('$') ? 'this value' : keyword;
  const start = line.start + (isCut ? word.start : comment.start);
  report({
    at: { file: line.source.name, start, end: line.start + comment.start + rest.length },
    message: `${shown} ends before "${rest}": "${rest[0]}" begins a comment there, and the value is cut`,
    help:
      isCut && !keyword.startsWith('$')
        ? `write "${lost}", in double quotes`
        : `write "\\${rest[0]}" in place of "${rest[0]}"`,
    ...(isCut && !keyword.startsWith('$') && { fix: inQuotes(line, word, comment, rest) }),
  });
}

function keywordOf(tokens: readonly Token[]): string {
  const words = tokens.filter(({ kind }) => kind === 'word' || kind === 'quoted');
  return (words[0]?.text.startsWith('@') === true ? words[1] : words[0])?.text ?? '';
}

/** keepalived strips comments before it looks at single quotes. */
function isInSingleQuotes(tokens: readonly Token[]): boolean {
  const quotes = tokens.map(({ kind, text }) => (kind === 'word' ? text.split("'").length - 1 : 0));
  return quotes.reduce((sum, count) => sum + count, 0) % 2 === 1;
}

/** Not a safe one: other directors may run with the short value. */
function inQuotes({ start, source }: TextLine, word: Token, comment: Token, rest: string): Fix | undefined {
  if (/["'\\]/.test(word.text + rest)) return undefined;
  const from = start + word.start;
  const to = start + comment.start + rest.length;
  const text = `"${word.text}${rest}"`;
  return {
    title: `write ${text}`,
    isSafe: false,
    edits: [{ span: { file: source.name, start: from, end: to }, text }],
  };
}
