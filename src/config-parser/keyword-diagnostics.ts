/** What is said of keywords and their arguments: the same words for every keyword, whatever its table. */
import { type Given, spanOfWord } from './block-values.ts';
import type { Diagnostic, Subject } from './diagnostics.ts';
import {
  type BlockSchema,
  type Deprecation,
  type FoundKeyword,
  findKeyword,
  type ListSchema,
  type Problem,
} from './schema/index.ts';
import { argumentSpan, headingSpan, type Statement } from './statement.ts';
import type { Word } from './words.ts';

/** A statement with its entry in the table of its block. */
export interface Known {
  readonly schema: BlockSchema;
  readonly found: FoundKeyword;
  readonly statement: Statement;
}

export function deprecationOf({ alias, entry }: FoundKeyword): Deprecation | undefined {
  return alias === undefined ? entry.deprecated : alias.deprecated;
}

export function deprecated(known: Known, deprecation: Deprecation): Diagnostic {
  const word = known.statement.keyword.value;
  return {
    severity: 'deprecated',
    code: 'deprecated-keyword',
    subject: subjectOf(known),
    message: `"${word}" ${deprecation.message}`,
    help: deprecation.help,
    ...(deprecation.note !== undefined && { notes: [{ message: deprecation.note }] }),
  };
}

export function notActedOn(known: Known): Diagnostic {
  const { entry } = known.found;
  return {
    severity: entry.unsafe === true ? 'error' : 'warning',
    code: 'not-acted-on',
    subject: subjectOf(known),
    message: `"${known.statement.keyword.value}" is read but holdfast does not act on it yet`,
    ...(entry.ifIgnored !== undefined && { notes: [{ message: `so ${entry.ifIgnored}` }] }),
  };
}

export function missingBlock(known: Known): Diagnostic {
  const { statement } = known;
  const word = statement.keyword.value;
  return {
    severity: 'error',
    code: 'missing-block',
    subject: subjectOf(known),
    message: `"${word}" must be followed by a block in braces; the line is ignored`,
    span: headingSpan(statement),
    help: `write "${[word, ...statement.args.map((arg) => arg.text)].join(' ')} {", and close it with "}" on a line of its own`,
  };
}

export function unexpectedBlock(statement: Statement, subject?: Subject): Diagnostic {
  return {
    severity: 'error',
    code: 'unexpected-block',
    ...(subject && { subject }),
    message: `"${statement.keyword.value}" takes no block; the block is skipped to its closing brace`,
    span: statement.block?.open ?? headingSpan(statement),
    notes: [
      { message: 'keepalived ignores the brace and reads what follows as part of the block around it' },
    ],
  };
}

export function valueChanged(statement: Statement, remark: string, subject?: Subject): Diagnostic {
  return {
    severity: 'warning',
    code: 'value-changed',
    ...(subject && { subject }),
    message: `the value of "${statement.keyword.value}" ${remark}`,
    span: argumentSpan(statement),
  };
}

export function problemOf({ word, ...rest }: Problem, subject?: Subject): Diagnostic {
  return { ...rest, ...(subject && { subject }), span: spanOfWord(word) };
}

const offWords = new Set(['off', 'false', 'no']);

/** Words after those that the keyword takes, from `first`. */
export function extraWords(known: Known, used: number, first: Word): Diagnostic {
  const { schema, statement } = known;
  const keyword = statement.keyword.value;
  const subject = subjectOf(known);
  const span = statement.spanOfWords(1 + used);
  if (used === 0 && offWords.has(first.value)) {
    return {
      severity: 'warning',
      code: 'flag-with-argument',
      subject,
      message: `"${keyword}" takes no argument here: it is switched on, and "${first.value}" is ignored`,
      span,
      help: 'delete the line to switch it off',
    };
  }
  return {
    severity: 'warning',
    code: 'extra-words',
    subject,
    message: `"${textOfExtra(statement, used)}" is ignored: "${keyword}" does not take it`,
    span,
    ...(findKeyword(schema, first.value) !== undefined && {
      help: 'a line holds one keyword: put this one on a line of its own',
    }),
  };
}

export function extraInEntry(statement: Statement, used: number): Diagnostic {
  return {
    severity: 'warning',
    code: 'extra-words',
    message: `"${textOfExtra(statement, used)}" is ignored: a line holds one entry`,
    span: statement.spanOfWords(1 + used),
  };
}

function textOfExtra({ args }: Statement, used: number): string {
  return args
    .slice(used)
    .map((word) => word.text)
    .join(' ');
}

/** keepalived ends there and then; what is a block or has no effect is no reason for us to do the same. */
export function missingArgument(known: Known, expects: string): Diagnostic {
  const { entry } = known.found;
  return {
    severity: entry.actedOn && entry.block === undefined ? 'fatal' : 'error',
    code: 'missing-argument',
    subject: subjectOf(known),
    message: `"${known.statement.keyword.value}" needs ${expects}`,
    span: spanOfWord(known.statement.keyword),
  };
}

export function badValue(known: Known, word: Word, expects: string): Diagnostic {
  const { fallback, required, block } = known.found.entry;
  const ignored = required === true ? '' : `; the ${block === undefined ? 'line' : 'block'} is ignored`;
  const then = fallback === undefined ? ignored : `; ${String(fallback)} is used`;
  return {
    severity: required === true ? 'fatal' : 'error',
    code: 'invalid-value',
    subject: subjectOf(known),
    message: `${known.statement.keyword.value} must be ${expects}, found "${word.value}"${then}`,
    span: spanOfWord(word),
  };
}

export function badEntry(list: ListSchema, word: Word, expects: string): Diagnostic {
  return {
    severity: 'error',
    code: 'invalid-value',
    message: `${list.name} must be ${expects}, found "${word.value}"; it is ignored`,
    span: spanOfWord(word),
  };
}

/** @param again the last of those that follow `first`; `between` are the others. */
export function duplicate(
  schema: BlockSchema,
  {
    first,
    between,
    again,
  }: { readonly first: Given; readonly between: readonly Given[]; readonly again: Given },
): Diagnostic {
  const { keyword } = again;
  const outcome = keepsFirst.test(keyword)
    ? 'keepalived takes the first one, and reports and ignores what follows'
    : 'the last one counts';
  return {
    severity: 'warning',
    code: 'duplicate-keyword',
    subject: { block: schema.name, keyword },
    message: `"${keyword}" is given more than once in this ${schema.name}; ${outcome}`,
    span: headingSpan(again.statement),
    notes: [
      { span: headingSpan(first.statement), message: 'given first here' },
      ...between.map(({ statement }) => ({ span: headingSpan(statement), message: 'and again here' })),
    ],
  };
}

/** keepalived.conf(5): commands that are run when something happens. Those of checks and trackers are replaced. */
const keepsFirst = /^(?:(?:vrrp_|lvs_)?notify|quorum_(?:up|down)$|(?:startup|shutdown)_script$)/;

export function subjectOf({ schema, found }: Known): Subject {
  return { block: schema.name, keyword: found.name };
}
