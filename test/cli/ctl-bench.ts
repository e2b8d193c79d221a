/** `holdfast ctl` against a socket at which the test answers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach } from 'vitest';
import { runCtl } from '../../src/cli/ctl.ts';
import { addCtlCommand, type CtlCommand } from '../../src/cli/ctl-options.ts';
import type { CtlTerminal } from '../../src/cli/ctl-terminal.ts';
import {
  type Answerer,
  type ControlAnswer,
  type ControlRequest,
  type ControlSocket,
  openControlSocket,
} from '../../src/daemon/control-socket/index.ts';
import { runCommand } from './run-command.ts';

let folder = '';
export let path = '';
let daemon: ControlSocket | undefined;
export let requests: ControlRequest[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-ctl-'));
  path = join(folder, 'control.sock');
  requests = [];
});

afterEach(() => {
  daemon?.close();
  daemon = undefined;
  rmSync(folder, { recursive: true });
});

export async function answering(...answers: readonly ControlAnswer[]): Promise<void> {
  const left = [...answers];
  const answerer: Answerer = async (request) => {
    requests.push(request);
    return left.shift() ?? { ok: false, lines: ['asked too often'] };
  };
  daemon = await openControlSocket(path, answerer);
}

/** `ctl WORDS` as the command line gives it, with the socket of the test. */
export const ctl = (...words: string[]) => runCommand(['ctl', ...words, '--control-socket', path]);

/** The same with somebody at the terminal who gives `reply`. */
export async function interactive(reply: boolean, ...words: string[]) {
  let text = '';
  const questions: string[] = [];
  const write = (more: string) => {
    text += more;
  };
  const terminal: CtlTerminal = {
    streams: {
      out: write,
      error: write,
      input: async () => '',
      isTerminal: true,
      environment: {},
      flush: async () => undefined,
    },
    confirm: async (question) => {
      questions.push(question);
      return reply;
    },
    progress: (_, work) => work,
    pause: async () => requests.length < 3,
  };
  let exitCode: number | undefined;
  const program = new Command('holdfast').exitOverride();
  addCtlCommand(program, async (command: CtlCommand) => {
    exitCode = await runCtl(command, terminal);
  });
  await program.parseAsync(['ctl', ...words, '--control-socket', path], { from: 'user' });
  return { exitCode, text, questions };
}

/** The daemon is there, and never answers. */
export async function silent(): Promise<void> {
  daemon = await openControlSocket(path, () => new Promise(() => {}));
}
