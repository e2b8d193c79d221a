/** Configurations in use: what holdfast says of each, against what keepalived 2.2.7 says of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  formatFile,
  parseConfig,
  parseSource,
  positionAt,
  printCst,
  type Resolved,
  type Span,
} from '../../src/config-parser/index.ts';
import type { Finding } from '../../src/lint/finding.ts';
import { lint } from '../../src/lint/lint.ts';
import { buildFileModel } from '../../src/lint/model/index.ts';
import type { Keepalived } from '../../src/lint/rule.ts';
import { allRules } from '../../src/lint/rules/index.ts';
import { repository } from '../config-parser/parse-helpers.ts';
import { type Answer, answers } from './corpus/answers.ts';
import recorded from './corpus/keepalived-messages.json' with { type: 'json' };
import { type Kind, kinds } from './corpus/kinds.ts';

interface Said {
  readonly text: string;
  /** None where keepalived tells no place. */
  readonly lines: readonly number[];
}

interface Message {
  readonly text: string;
  readonly line: number | undefined;
}

interface Found extends Finding {
  readonly keepalived: Keepalived;
  /** That of the text to edit, and those of what led there. */
  readonly lines: readonly number[];
}

const corpus = join(repository, '../shared/corpus');
const files = existsSync(corpus) ? readdirSync(corpus).filter((name) => name.endsWith('.conf')) : [];
const keepalivedOf = new Map(allRules.map(({ name, keepalived }) => [name, keepalived]));
const usedAnswers = new Set<Answer>();
const usedKinds = new Set<Kind>();

/** What leaves the reading of the lines after it to chance, so that keepalived complains of those too. */
const causes = new Set([
  'conf/unknown-block-cascade', 'conf/unexpected-block', 'conf/missing-block', 'conf/unexpected-open-brace',
  'conf/undefined-variable', 'conf/unclosed-brace', 'conf/unknown-keyword-suggest', 'conf/invalid-value',
]); // biome-ignore format: one list

function textOf(name: string): string {
  return readFileSync(join(corpus, name), 'latin1');
}

function saidOf(name: string): { readonly exit: number; readonly messages: readonly Said[] } {
  const known = new Map(Object.entries(recorded)).get(name);
  if (known === undefined) throw new Error(`${name} is not in keepalived-messages.json`);
  const messages = known.messages.map(([text, lines]) => {
    if (typeof text !== 'string' || !Array.isArray(lines)) throw new Error(`${name}: not a message`);
    return { text, lines };
  });
  return { exit: known.exit, messages };
}

/** Each once a line. */
function messagesOf(name: string): readonly Message[] {
  return saidOf(name).messages.flatMap(({ text, lines }) => {
    const places: readonly (number | undefined)[] = lines.length === 0 ? [undefined] : lines;
    return places.map((line) => ({ text, line }));
  });
}

function findingsOf(name: string): readonly Found[] {
  const read = (path: string) => (path === name ? { text: textOf(name) } : { error: 'no such file' });
  const resolved = parseConfig({ read, glob: () => [] }, name, { configId: 'lb01', fold: false });
  const found = lint([buildFileModel(name, resolved)], { rules: allRules, isPair: false });
  return found.map((finding) => ({
    ...finding,
    keepalived: keepalivedOf.get(finding.rule) ?? 'silent',
    lines: [finding.span, ...(finding.notes ?? []).map(({ span }) => span)].flatMap((span) =>
      span === undefined ? [] : lineOf(span, resolved),
    ),
  }));
}

function lineOf(span: Span, { sources }: Resolved): readonly number[] {
  const source = sources.get(span.file);
  return source === undefined ? [] : [positionAt(source, span.start).line];
}

function isReported({ keepalived }: Found): boolean {
  return keepalived === 'fatal' || keepalived === 'reports';
}

function answerTo(text: string): Answer | undefined {
  const answer = answers.find(({ message }) => message.test(text));
  if (answer !== undefined) usedAnswers.add(answer);
  return answer;
}

/** Why nothing of holdfast answers this message here; undefined when something does, or a kind explains it. */
function unanswered({ text, line }: Message, findings: readonly Found[], name: string): string | undefined {
  const answer = answerTo(text);
  if (answer === undefined) return `no answer to "${text}"`;
  if (isAnswered(answer, line, findings, name)) return undefined;
  const { kind } = answer;
  const isExplained =
    kind !== undefined && (kind !== 'cascade' || hasCause(line ?? Number.POSITIVE_INFINITY, findings));
  if (isExplained) {
    usedKinds.add(kind);
    return undefined;
  }
  return `line ${line ?? '-'}: nothing of ${answer.rules.join(', ')} for "${text}"`;
}

function isAnswered(
  { rules, isOfBlock = false }: Answer,
  line: number | undefined,
  findings: readonly Found[],
  name: string,
): boolean {
  if (line === undefined) return findings.some(({ rule }) => rules.includes(rule));
  const place = isOfBlock ? blockAt(line, name) : line;
  return findings.some(
    ({ rule, lines }) =>
      rules.includes(rule) && lines.some((at) => place === (isOfBlock ? blockAt(at, name) : at)),
  );
}

/** The line on which the outermost block begins that this line is in. */
function blockAt(line: number, name: string): number {
  const lines = textOf(name).split('\n').slice(0, line);
  return (
    1 +
    lines.findLastIndex((text) =>
      /^\s*(vrrp_(instance|script|sync_group)|virtual_server|bfd_instance|\$\w+=)/.test(text),
    )
  );
}

function hasCause(line: number, findings: readonly Found[]): boolean {
  return findings.some(({ rule, lines: [at = 0] }) => causes.has(rule) && at <= line);
}

const aboutMachine: ReadonlySet<Kind | undefined> = new Set<Kind>([
  'interface-of-this-machine', 'script-of-this-machine', 'account-of-this-machine', 'build-of-this-machine',
  'names-of-this-machine',
]); // biome-ignore format: one list

/** Whether all that keepalived says is about the machine, and nothing about the file itself. */
function isClean(name: string, findings: readonly Found[]): boolean {
  return messagesOf(name).every(({ text, line }) => {
    const answer = answerTo(text);
    return aboutMachine.has(answer?.kind) && answer && !isAnswered(answer, line, findings, name);
  });
}

/** Why holdfast may report this where keepalived takes the file for clean. */
function explained(found: Found, name: string): Kind | undefined {
  if (/^(vrrp\/script-(root|user-missing)|lvs\/check-script-as-root)$/.test(found.rule))
    return 'script-of-this-machine';
  if (found.rule === 'conf/deprecated-keyword') return 'silent-old-word';
  if (found.rule.startsWith('lvs/') && /^[^#!]*net_namespace/m.test(textOf(name)))
    return 'masked-by-namespace';
  return undefined;
}

/** Mistakes for which a running keepalived ends, though `-t` calls them like any other. */
const endsKeepalived = /virtual router id must be set|Unknown interface!/;

describe.skipIf(files.length === 0)('of the configurations in use', () => {
  afterAll(() => {
    expect(answers.filter((answer) => !usedAnswers.has(answer)).map(({ message }) => message.source)).toEqual(
      [],
    );
    expect(Object.keys(kinds).filter((kind) => ![...usedKinds].some((used) => used === kind))).toEqual([]);
  });

  it.each(files)('%s: each message of keepalived is answered, or it is known why not', (name) => {
    const findings = findingsOf(name);
    const open = messagesOf(name).map((message) => unanswered(message, findings, name));
    expect(open.filter((reason) => reason !== undefined)).toEqual([]);
  });

  it.each(files)('%s is clean for both or for neither, or it is known why not', (name) => {
    const findings = findingsOf(name);
    const reported = findings.filter(isReported);
    if (!isClean(name, findings)) {
      expect(reported).not.toEqual([]);
      return;
    }
    const open = reported.filter((found) => {
      const kind = explained(found, name);
      if (kind !== undefined) usedKinds.add(kind);
      return kind === undefined;
    });
    expect(open.map(({ rule, lines, message }) => `${lines[0]}: ${rule}: ${message}`)).toEqual([]);
  });

  it.each(files)('%s lets both start or neither, or it is known why not', (name) => {
    const { exit, messages } = saidOf(name);
    const ends = exit === 2 || messages.some(({ text }) => endsKeepalived.test(text));
    const findings = findingsOf(name);
    const isFatal = findings.some(({ keepalived }) => keepalived === 'fatal');
    // The bad value that is left out is the cause; without it keepalived has nothing to start with
    const isCaused = !isFatal && ends && findings.some(({ rule }) => rule === 'conf/invalid-value');
    if (isCaused) usedKinds.add('consequence');
    const isNameless = messages.some(({ text }) => /have a name/.test(text));
    if (isNameless) usedKinds.add('nameless-block');
    expect(isFatal && !isNameless).toBe(ends && !isCaused);
  });

  it.each(files)('%s comes back byte for byte, and is formatted once and for all', (name) => {
    const text = textOf(name);
    const { file } = parseSource({ name, text });
    expect(printCst(file)).toBe(text);
    const formatted = formatFile(file);
    expect(formatFile(parseSource({ name, text: formatted }).file)).toBe(formatted);
  });
});
