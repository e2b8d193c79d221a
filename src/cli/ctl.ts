/** `holdfast ctl`: asks the daemon and tells the operator, with the exit status that scripts want. */
import {
  askDaemon,
  type ControlAnswer,
  type ControlRequest,
  NoAnswerError,
  NoDaemonError,
} from '../daemon/control-socket/index.ts';
import type { CtlCommand } from './ctl-options.ts';
import { describeStatus } from './ctl-status.ts';
import type { CtlTerminal } from './ctl-terminal.ts';

const done = 0;
const refused = 1;
const noDaemon = 3;

type CommandOf<Kind extends CtlCommand['kind']> = Extract<CtlCommand, { kind: Kind }>;

/** Performs `command` and resolves with the exit status. */
export async function runCtl(command: CtlCommand, terminal: CtlTerminal): Promise<number> {
  switch (command.kind) {
    case 'status':
      return command.watch ? watch(command, terminal) : showStatus(command, terminal);
    case 'giveUp':
      return giveUp(command, terminal);
    case 'resume':
      return tell(await ask(command, { kind: 'resume', instances: command.instances }), command, terminal);
    case 'reload': {
      const asked = ask(command, { kind: 'reload' });
      return tell(await terminal.progress('waiting until the reload is applied', asked), command, terminal);
    }
    default:
      return command satisfies never;
  }
}

interface Outcome {
  readonly exitCode: number;
  readonly answer: ControlAnswer;
}

/** A daemon that does not answer is an outcome as any other. */
async function ask({ socket, timeoutMs }: CtlCommand, request: ControlRequest): Promise<Outcome> {
  try {
    const answer = await askDaemon(socket, request, timeoutMs);
    return { exitCode: answer.ok ? done : refused, answer };
  } catch (error) {
    if (!(error instanceof NoDaemonError || error instanceof NoAnswerError)) throw error;
    const exitCode = error instanceof NoDaemonError ? noDaemon : refused;
    return { exitCode, answer: { ok: false, lines: [error.message] } };
  }
}

/** What went well on standard output, what did not on standard error; JSON always on standard output. */
function tell({ exitCode, answer }: Outcome, { json }: CtlCommand, { streams }: CtlTerminal): number {
  if (json) streams.out(`${JSON.stringify(answer)}\n`);
  else {
    const write = answer.ok ? streams.out : streams.error;
    for (const line of answer.lines) write(`${line}\n`);
  }
  return exitCode;
}

async function showStatus(command: CommandOf<'status'>, terminal: CtlTerminal): Promise<number> {
  const outcome = await ask(command, { kind: 'status' });
  const daemon = outcome.answer.ok ? outcome.answer.daemon : undefined;
  if (daemon === undefined) return tell(outcome, command, terminal);
  const { streams } = terminal;
  const instances = daemon.vrrp?.instances ?? [];
  const chosen = instances.filter(({ name }) => command.instance === undefined || name === command.instance);
  if (command.instance !== undefined && chosen.length === 0) {
    const names = instances.map(({ name }) => name).join(', ');
    const known = names === '' ? 'there is none' : `there are ${names}`;
    const lines = [`no instance is called ${command.instance}; ${known}`];
    return tell({ exitCode: refused, answer: { ok: false, lines } }, command, terminal);
  }
  const shown = { ...daemon, ...(daemon.vrrp && { vrrp: { ...daemon.vrrp, instances: chosen } }) };
  if (command.json) streams.out(`${JSON.stringify(shown)}\n`);
  else streams.out(describeStatus(shown, command.instance !== undefined));
  return done;
}

/** Goes on while the daemon is away: it may be the restart that is being watched. */
async function watch(command: CommandOf<'status'>, terminal: CtlTerminal): Promise<number> {
  let exitCode: number;
  do {
    if (!command.json && terminal.streams.isTerminal) terminal.streams.out('\u001b[H\u001b[2J');
    exitCode = await showStatus(command, terminal);
    await terminal.streams.flush();
  } while (await terminal.pause(1000));
  return exitCode;
}

async function giveUp(command: CommandOf<'giveUp'>, terminal: CtlTerminal): Promise<number> {
  const outcome = await askToGiveUp(command, terminal, command.yes);
  const { answer } = outcome;
  if (answer.ok || answer.confirm !== true || command.json) return tell(outcome, command, terminal);
  tell(outcome, command, terminal);
  if (terminal.confirm === undefined) {
    terminal.streams.error('Nothing was done. With --yes it is done all the same.\n');
    return refused;
  }
  if (await terminal.confirm('Give the addresses up all the same?')) {
    return tell(await askToGiveUp(command, terminal, true), command, terminal);
  }
  terminal.streams.error('Nothing was done.\n');
  return refused;
}

function askToGiveUp(
  command: CommandOf<'giveUp'>,
  terminal: CtlTerminal,
  evenIfAlone: boolean,
): Promise<Outcome> {
  const { hold, instances, forMs, reason } = command;
  const limits = { ...(forMs !== undefined && { forMs }), ...(reason !== undefined && { reason }) };
  const asked = ask(command, { kind: 'giveUp', hold, instances, evenIfAlone, ...limits });
  return terminal.progress('waiting for the successor', asked);
}
