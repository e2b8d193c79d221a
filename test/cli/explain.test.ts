/** `holdfast explain` from its command line to what it prints. */
import { describe, expect, it } from 'vitest';
import { allRules } from '../../src/lint/rules/index.ts';
import { runCommand } from './run-command.ts';

const explain = (...names: string[]) => runCommand(['explain', ...names]);

describe('holdfast explain', () => {
  it('explains a rule, with an example of each sort', async () => {
    const { exitCode, out } = await explain('vrrp/vip-default-prefix');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^vrrp\/vip-default-prefix \(warn\)\n/);
    expect(out).toContain('\nReported:\n');
    expect(out).toContain('\nNot reported:\n');
  });

  it('explains a keyword in each block that has it', async () => {
    const { out } = await explain('weight');
    expect(out).toContain('In virtual_server > real_server\n');
    expect(out).toContain('In vrrp_script\n');
  });

  it('explains several names, and says which of them it does not know', async () => {
    const { exitCode, out, error } = await explain('priority', 'bogus_word_of_nobody', 'advert_int');
    expect(exitCode).toBe(2);
    expect(out).toMatch(/^priority .*\nadvert_int /s);
    expect(error).toBe(
      'holdfast explain: "bogus_word_of_nobody" is neither a keyword nor a rule; "holdfast explain --list" prints every name\n',
    );
  });

  it.each([
    ['adver_int', 'advert_int'],
    ['vrrp/vip-defualt-prefix', 'vrrp/vip-default-prefix'],
    ['vip-default-prefix', 'vrrp/vip-default-prefix'],
  ])('asks of %s whether %s was meant', async (name, meant) => {
    const { exitCode, out, error } = await explain(name);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(error).toContain(`did you mean "${meant}"?`);
  });

  it('prints one line for each rule of a group', async () => {
    const { exitCode, out } = await explain('pair/*');
    expect(exitCode).toBe(0);
    const names = allRules.map(({ name }) => name).filter((name) => name.startsWith('pair/'));
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(names.sort());
    expect((await explain('nothing/*')).exitCode).toBe(2);
  });

  it.each([[[]], [['--list']]])('with %j prints every name once, and each can be explained', async (args) => {
    const { out } = await explain(...args);
    const names = out.trim().split('\n');
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['advert_int', 'vrrp/vip-default-prefix']));
    expect((await explain(...names)).error).toBe('');
  });
});
