/** What README.md and docs/lint.md show must be what the program does. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commandFacts } from '../../src/cli/completion/command-facts.ts';
import { describeProgram } from '../../src/cli/program.ts';
import { referencePages } from '../../src/lint/reference/pages.ts';
import { allRules } from '../../src/lint/rules/index.ts';
import { runCommand } from './run-command.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = ['README.md', 'docs/lint.md'];
const text = (page: string) => readFileSync(join(root, page), 'utf8');

/** `$ holdfast ...` with the lines that are shown below it, `…` left out. */
function shownRuns(page: string) {
  return [...text(page).matchAll(/```\n(\$ holdfast [^`]*?)```/g)].flatMap(([, block = '']) =>
    block.split(/^\$ holdfast /m).flatMap((run) => {
      const [command = '', ...lines] = run.split('\n');
      return command === '' ? [] : [{ command, lines: lines.filter((line) => line !== '' && line !== '…') }];
    }),
  );
}

/** Blocks and words in the text. */
function codeOf(page: string): readonly string[] {
  const blocks = [...text(page).matchAll(/```[a-z]*\n(.*?)```/gs)].map(([, code = '']) => code);
  const words = [
    ...text(page)
      .replace(/```.*?```/gs, '')
      .matchAll(/`([^`]+)`/g),
  ].map(([, code = '']) => code);
  return [...blocks, ...words];
}

/** These need another lb02.conf, this machine, or would write. */
const isRepeatable = ({ command }: { command: string }) => !/--pair|--host|--fix\b/.test(command);

describe.each(pages)('%s', (page) => {
  it('names only rules that there are', () => {
    const known = new Set(allRules.map(({ name }) => name));
    const groups = [...new Set(allRules.map(({ name }) => name.split('/')[0]))].join('|');
    const named = text(page).matchAll(new RegExp(`(?<![\\w/.])(?:${groups})/[a-z0-9-]+(?![\\w/.-])`, 'g'));
    const names = [...named].map(([name]) => name);
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it('names only commands and flags that there are', () => {
    const facts = commandFacts(describeProgram());
    const uses = codeOf(page).flatMap((code) => [
      ...code.matchAll(/\bholdfast ((?:(?:config|ctl|realserver) )?[a-z]+(?:-[a-z]+)*)([^\n|]*)/g),
    ]);
    expect(uses.length).toBeGreaterThan(10);
    const unknown = uses.flatMap(([whole, name = '', rest = '']) => {
      const command = facts.find((one) => one.name === name);
      if (command === undefined) return [whole];
      const flags = command.options.flatMap((option) => option.flags);
      const used = [...rest.matchAll(/(?<= )--[a-z-]+/g)].map(([flag]) => flag);
      return used.filter((flag) => !flags.includes(flag)).map((flag) => `${name} ${flag}`);
    });
    expect(unknown).toEqual([]);
  });

  it('leads only to files that there are', () => {
    const links = [...text(page).matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path);
    const generated = referencePages();
    const isThere = (path: string) => existsSync(join(root, path)) || generated.has(path);
    const missing = links.map((path) => join(dirname(page), path)).filter((path) => !isThere(path));
    expect(links.length).toBeGreaterThan(3);
    expect(missing).toEqual([]);
  });
});

describe('the man page', () => {
  const page = text('packaging/holdfast.8').replaceAll('\\-', '-');

  it.each(commandFacts(describeProgram()))('has $name with every flag', ({ name, options }) => {
    expect(page).toContain(`.B holdfast ${name === 'config' ? 'config dump' : name}\n`);
    const long = options.flatMap(({ flags }) => flags.filter((flag) => flag.startsWith('--')));
    expect(long.filter((flag) => !new RegExp(`${flag}(?![a-z-])`).test(page))).toEqual([]);
  });
});

describe('the runs that README.md shows', () => {
  const runs = shownRuns('README.md').filter(isRepeatable);

  it('are of every command that reads texts', () => {
    const commands = runs.map(({ command }) => command.split(' ')[0]);
    expect(new Set(commands)).toEqual(new Set(['lint', 'fmt', 'config', 'explain']));
  });

  it.each(runs)('holdfast $command', async ({ command, lines }) => {
    const files = (word: string) =>
      word === '*.conf'
        ? ['lb01-two-instances.conf', 'lb01.conf', 'lb02-two-instances.conf', 'lb02.conf', 'minimal.conf']
        : [word];
    const args = command.split(' ').flatMap(files);
    const folder = join(root, 'examples/');
    const run = await runCommand(args.map((word) => (word.endsWith('.conf') ? folder + word : word)));
    const written = `${run.out}${run.error}`.replaceAll(folder, '').split('\n');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(written).toContain(line);
  });
});
