/** Runs a rule over its own examples, which are texts in memory, and writes what it reports as text. */
import { parseConfig, positionAt, type Resolved } from '../../src/config-parser/index.ts';
import type { Finding } from '../../src/lint/finding.ts';
import type { Host } from '../../src/lint/host.ts';
import { lint } from '../../src/lint/lint.ts';
import { buildFileModel, type FileModel } from '../../src/lint/model/index.ts';
import type { Example, Rule } from '../../src/lint/rule.ts';
import { allRules } from '../../src/lint/rules/index.ts';
import { applySuppressions } from '../../src/lint/suppressions.ts';

/** An ordinary director on which nothing is missing. */
export const ordinaryHost: Host = {
  interfaces: ['eth0', 'eth1', 'lo'].map((name, index) => ({
    name,
    isUp: true,
    addresses: name === 'lo' ? ['127.0.0.1/8'] : [`192.0.${2 + index}.1/24`],
    supportsMulticast: name !== 'lo',
    isLoopback: name === 'lo',
    isEthernet: name !== 'lo',
    mtu: 1500,
  })),
  pathFacts: () => ({ kind: 'file', isExecutable: true, isInsecure: false }),
  hasUser: () => true,
  hasGroup: () => true,
  sysctl: () => '1',
};

export function modelsOf(rule: Pick<Rule, 'kind'>, example: Example): readonly FileModel[] {
  const files = typeof example === 'string' ? { 'keepalived.conf': example } : example;
  const names = Object.keys(files);
  const nodes = rule.kind === 'pair' ? names.filter((name) => /^lb\d+\.conf$/.test(name)) : names.slice(0, 1);
  return nodes.map((name) => buildFileModel(name, parse(name, files)));
}

function parse(name: string, files: Readonly<Record<string, string>>): Resolved {
  const read = (path: string) => {
    const text = files[path];
    if (text !== undefined) return { text };
    const isFolder = Object.keys(files).some((file) => file.startsWith(`${path}/`));
    if (isFolder) return { error: 'it is a directory', isSkipped: true };
    return { error: 'no such file or directory', isMissing: true };
  };
  const glob = (pattern: string) => {
    const match = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
    return Object.keys(files).filter((path) => match.test(path));
  };
  return parseConfig({ read, glob }, name, { configId: name.replace(/\.conf$/, ''), fold: false });
}

/** What every rule says of an example; the caller picks the one that it is about. */
export function findingsOf(rule: Rule, example: Example): readonly Finding[] {
  const models = modelsOf(rule, example);
  const host = rule.kind === 'host' ? { ...ordinaryHost, ...rule.exampleHost } : undefined;
  const found = lint(models, { rules: allRules, isPair: rule.kind === 'pair', ...(host && { host }) });
  return rule.kind === 'suppression' ? suppress(found, models) : found;
}

function suppress(findings: readonly Finding[], models: readonly FileModel[]): readonly Finding[] {
  const sources = new Map(models.flatMap(({ resolved }) => [...resolved.sources]));
  const active = new Set(allRules.filter(({ kind }) => kind !== 'suppression').map(({ name }) => name));
  const known = allRules.map(({ name }) => name);
  const rules = allRules.filter((rule) => rule.kind === 'suppression');
  return applySuppressions(findings, sources, { known, active, rules }).findings;
}

/** `lb01.conf:7:5: error: message`, then help, notes and edits: as it is kept in test/lint/golden. */
export function describeFindings(findings: readonly Finding[], models: readonly FileModel[]): string {
  const sources = new Map(models.flatMap(({ resolved }) => [...resolved.sources]));
  const place = (span: Finding['span']): string => {
    const source = span && sources.get(span.file);
    if (span === undefined || source === undefined) return '';
    const { line, column } = positionAt(source, span.start);
    return `${span.file}:${line}:${column}: `;
  };
  return findings
    .flatMap(({ level, message, span, help, notes = [], fix }) => [
      `${place(span)}${level}: ${message}`,
      ...(help === undefined ? [] : [`  help: ${help}`]),
      ...notes.map((note) => `  note: ${place(note.span)}${note.message}`),
      ...(fix === undefined ? [] : [`  ${fix.isSafe ? 'fix' : 'unsafe fix'}: ${fix.title}`]),
      ...(fix?.edits ?? []).map((edit) => `    ${place(edit.span)}${JSON.stringify(edit.text)}`),
    ])
    .map((line) => `${line}\n`)
    .join('');
}
