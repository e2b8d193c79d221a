import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandFacts } from '../../src/cli/completion/command-facts.ts';
import { completionScript } from '../../src/cli/completion/scripts.ts';
import { describeProgram } from '../../src/cli/program.ts';
import { testFolder } from './lint-harness.ts';
import { runCommand } from './run-command.ts';

const { at, write } = testFolder();
const hasShell = (shell: string) => spawnSync(shell, ['--version']).error === undefined;
const facts = commandFacts(describeProgram());

/** What bash offers for a line that ends in the word to be completed. */
function offered(...words: readonly string[]): readonly string[] {
  const ask = `
holdfast() { printf '%s\\n' vrrp/vip-default-prefix priority; }
COMP_WORDS=(holdfast "$@"); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
_holdfast; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const script = `${completionScript('bash', facts)}\n${ask}`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'holdfast', ...words], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe('completion for bash', () => {
  it('offers the commands', () => {
    expect(offered('')).toEqual(
      expect.arrayContaining(['run', 'lint', 'fmt', 'explain', 'config', 'completion']),
    );
    expect(offered('li')).toEqual(['lint']);
  });

  it('offers the flags of a command', () => {
    expect(offered('lint', '--p')).toEqual(expect.arrayContaining(['--pair', '--profile']));
    expect(offered('run', '--use')).toEqual(['--use-file']);
  });

  it('offers the values of a flag', () => {
    expect(offered('lint', '--format', 's')).toEqual(['sarif']);
  });

  it('offers them also behind an equals sign, which bash takes for a word of its own', () => {
    expect(offered('lint', '--format', '=', 'sa')).toEqual(['sarif']);
    expect(offered('lint', '--format', '=')).toContain('concise');
  });

  it('offers files where files are meant, also with blanks in their names, and nowhere else', () => {
    const file = write('two words.conf', '');
    expect(offered('lint', at('two'))).toEqual([file]);
    expect(offered('lint', '-o', at('two'))).toEqual([file]);
    expect(offered('explain', at('two'))).toEqual([]);
  });

  it('offers the shells that there is completion for', () => {
    expect(offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('offers the commands below a command, and their flags', () => {
    expect(offered('config', '')).toContain('dump');
    expect(offered('config', 'dump', '--')).toContain('--format');
  });

  it('offers what can be explained', () => {
    expect(offered('explain', 'vrrp/vip')).toEqual(['vrrp/vip-default-prefix']);
  });
});

describe('holdfast completion', () => {
  it('prints the script of the shell', async () => {
    const { exitCode, out } = await runCommand(['completion', 'fish']);
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: completionScript('fish', facts) });
  });

  it('of a shell that there is none for is status 2, with those that there are', async () => {
    const { exitCode, error } = await runCommand(['completion', 'tcsh']);
    expect(exitCode).toBe(2);
    expect(error).toContain('Allowed choices are bash, zsh, fish');
  });
});

describe.each(['bash', 'zsh', 'fish'] as const)('the script for %s', (shell) => {
  const script = completionScript(shell, facts);

  it('names every command and every flag', () => {
    for (const { name, options } of facts) {
      expect(script).toContain(name.split(' ').at(-1));
      for (const { flags } of options) {
        for (const flag of flags) expect(script).toContain(shell === 'fish' ? flag.replace(/^-+/, '') : flag);
      }
    }
  });

  it.skipIf(!hasShell(shell))('is understood by the shell', () => {
    const file = write(`script.${shell}`, script);
    const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe.skipIf(!hasShell('zsh'))('completion for zsh', () => {
  it('offers what can be explained', () => {
    const script = completionScript('zsh', facts).replace('_holdfast "$@"', '');
    const stubs = `holdfast() { print -l priority advert_int }; compadd() { print -l -- \${(P)2} }`;
    const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', `${script}\n${stubs}\n_holdfast_names`], {
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'priority\nadvert_int\n', stderr: '' });
  });
});

describe.skipIf(!hasShell('fish'))('completion for fish', () => {
  it.each([
    ['holdfast li', ['lint']],
    ['holdfast lint --pa', ['--pair']],
    ['holdfast lint --format s', ['sarif']],
    ['holdfast config dump --format ', ['conf', 'json']],
    ['holdfast completion f', ['fish']],
  ])('offers for "%s" %j', (line, expected) => {
    const script = `${completionScript('fish', facts)}\ncomplete -C '${line}'`;
    const { stdout } = spawnSync('fish', ['--no-config', '-c', script], { encoding: 'utf8' });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((offer) => offer.split('\t')[0]),
    ).toEqual(expected);
  });
});
