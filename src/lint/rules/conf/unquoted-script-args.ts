import type { Fix } from '../../finding.ts';
import { fileRule, type Reported } from '../../rule.ts';
import { block, instance, scriptGlobals, textOf } from './example.ts';
import { notableStatements, type Statement } from './notable-statements.ts';

function example(command: string): string {
  const lines = ['interval 2', 'fall 2', 'rise 2', `script ${command}`];
  return textOf(
    scriptGlobals,
    block('vrrp_script chk_web', lines),
    instance('VI_1', block('track_script', ['chk_web'])),
  );
}

/** keepalived.conf(5): a command is one word, and after it come a user and a group. */
export const unquotedScriptArgs = fileRule({
  name: 'conf/unquoted-script-args',
  level: 'error',
  summary: 'Arguments of a script are lost, because they are not in quotes with it',
  details: `A command with its arguments is one word for keepalived and so must stand in one pair of quotes. After \`script\` all
further words are thrown away: the check runs without its arguments. After \`notify_master\`, \`quorum_down\` and the like the second
word is the user that the script runs as and the third its group: \`notify_master /x -a\` asks for a user \`-a\`, who does not exist,
and the script is never run. \`keepalived -t\` says nothing and exits 0. \`--fix\` puts the quotes where there is no doubt.`,
  keepalived: 'silent',
  bad: example('/usr/local/bin/check-web -p 80'),
  good: example('"/usr/local/bin/check-web -p 80"'),
  check: (file, report) => {
    for (const statement of notableStatements(file).commands) {
      if (statement.shape.args.length < 2) continue;
      const found = faultOf(statement);
      if (found !== undefined) report(found);
    }
  },
});

function faultOf(statement: Statement): Reported | undefined {
  const words = statement.args.map(({ text }) => text);
  const [program = '', ...rest] = words;
  // A quote or a backslash may join words, and then nothing need be lost.
  if (words.some((word) => /["'\\]/.test(word))) return undefined;
  const keyword = statement.keywordValue;
  const whole = words.join(' ');
  const common = { at: statement.spanOfWords(1), help: `write ${keyword} "${whole}"` };
  if (keyword === 'script') {
    return {
      ...common,
      message: `only ${program} is run: "${rest.join(' ')}" is thrown away, because it does not stand in quotes with it`,
      fix: quotes(statement, whole, true),
    };
  }
  const [second = ''] = rest;
  // An account is a user, and a group if there is one.
  const isSure = /^[-/]/.test(second) || rest.length > 2;
  if (!isSure && !looksLikeArgument(second)) return undefined;
  return {
    ...common,
    message: `"${second}" is taken for the user that ${program} is to run as: there is none, and the script is never run`,
    fix: quotes(statement, whole, isSure),
  };
}

/** useradd(8): what no name of an account looks like; a number may be one. */
function looksLikeArgument(word: string): boolean {
  return !/^[a-z_][a-z0-9_.-]*\$?$/i.test(word) && !/^\d+$/.test(word);
}

function quotes(statement: Statement, whole: string, isSafe: boolean): Fix | undefined {
  const { file, start, end, via } = statement.spanOfWords(1);
  if (via !== undefined) return undefined;
  return {
    title: `write "${whole}" in quotes`,
    isSafe,
    edits: [
      { span: { file, start, end: start }, text: '"' },
      { span: { file, start: end, end }, text: '"' },
    ],
  };
}
