/** The command line of `holdfast drill --live`: what is refused before anything is asked or sent. */

import { Command } from 'commander';
import { expect, test } from 'vitest';
import { performLiveDrill } from '../../../src/cli/drill-live.ts';
import { addDrillCommand } from '../../../src/cli/drill-options.ts';

function live(...words: readonly string[]): ReturnType<typeof drill> {
  return drill('--live', ...words);
}

async function drill(...words: readonly string[]): Promise<{ status: number | undefined; said: string }> {
  let said = '';
  let status: number | undefined;
  const take = (text: string): void => {
    said += text;
  };
  const program = new Command().exitOverride().configureOutput({ writeOut: take, writeErr: take });
  addDrillCommand(program, async (command) => {
    if (command.live === undefined) throw new Error('it is not live');
    status = await performLiveDrill(command, command.live, {
      out: take,
      error: take,
      input: () => Promise.resolve(''),
      isTerminal: false,
      environment: {},
      flush: () => Promise.resolve(),
    });
  });
  try {
    await program.parseAsync(['drill', ...words], { from: 'user' });
  } catch (error) {
    said += error instanceof Error ? error.message : String(error);
  }
  return { status, said };
}

const probe = ['--probe', 'http://192.0.2.1/'];
const switchover = ['--switchover', 'VI_1'];
const socket = ['--control-socket', '/nowhere/control.sock'];

test.each([
  ['nothing to do', [], /say what to do on the real pair/],
  ['files', ['lb01.conf', '--watch', ...probe], /--live takes no files/],
  ['both at once', ['--watch', ...probe, ...socket, ...switchover], /leave out --watch or --switchover/],
  ['nothing to watch', ['--watch'], /there is nothing to watch/],
  ['a switchover that nobody sees', [...socket, ...switchover, '--yes'], /--switchover needs --probe/],
  ['a switchover of no daemon', [...probe, ...switchover, '--yes'], /--switchover needs --control-socket/],
  [
    'a switchover without --yes',
    [...probe, ...socket, ...switchover],
    /Nothing was done; with --yes it is done/,
  ],
  ['a flag of the lab', ['--watch', ...probe, '--kernel', 'host'], /--kernel is for a lab/],
  ['a comparison', ['--watch', ...probe, '--compare', 'x.json'], /--compare is for a lab/],
  ['a name for an address', ['--watch', '--probe', 'http://www.example.org/'], /names are not looked up/],
  ['a limit that is none', ['--watch', ...probe, '--slo', 'speed<=1'], /there is no figure "speed"/],
] as const)('%s is refused with exit status 2', async (_, words, problem) => {
  const { status, said } = await live(...words);
  expect(said).toMatch(problem);
  expect(status).toBe(2);
});

test('the flags of --live without it are a mistake, and not overlooked', async () => {
  const { status, said } = await drill('lb01.conf', 'lb02.conf', ...switchover);
  expect(status).toBe(2);
  expect(said).toContain('are for the real pair: add --live');
});

test.each(['0s', 'soon', '30d'])('--for %s is no time', async (time) => {
  expect((await live('--watch', ...probe, '--for', time)).said).toMatch(/It must be a time/);
});

test('an interface that is not here is told, and nothing is reported as watched', async () => {
  const { status, said } = await live('--watch', ...probe, '--interface', 'no-such0');
  expect(status).toBe(2);
  expect(said).toContain('there is no interface no-such0 here');
  expect(said).toContain('COULD NOT RUN');
});

test('a socket at which nobody answers is told, and nothing was done', async () => {
  const { status, said } = await live(...probe, ...socket, ...switchover, '--yes');
  expect(status).toBe(2);
  expect(said.replaceAll(/\s+/g, ' ')).toContain(
    'no answer at /nowhere/control.sock: there is no such socket',
  );
});
