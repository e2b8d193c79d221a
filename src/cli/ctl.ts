/** `holdfast ctl`: asks the daemon and tells the operator, with the exit status that scripts want. */
import { ask, type CtlOutcome, tell } from './ctl-ask.ts';
import { drainServer } from './ctl-drain-server.ts';
import type { CtlCommand } from './ctl-options.ts';
import { describeServers } from './ctl-servers.ts';
import { describeStatus, joinSections } from './ctl-status.ts';
import type { CtlTerminal } from './ctl-terminal.ts';

const done = 0;
const refused = 1;

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
    case 'servers':
      return showServers(command, terminal);
    case 'drainServer':
      return drainServer(command, terminal);
    case 'resumeServer':
      return tell(await ask(command, { kind: 'resumeServer', ...command.server }), command, terminal);
    case 'reload': {
      const asked = ask(command, { kind: 'reload' });
      return tell(await terminal.progress('waiting until the reload is applied', asked), command, terminal);
    }
    default:
      return command satisfies never;
  }
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

async function showServers(command: CommandOf<'servers'>, terminal: CtlTerminal): Promise<number> {
  const outcome = await ask(command, { kind: 'status' });
  const daemon = outcome.answer.ok ? outcome.answer.daemon : undefined;
  if (daemon === undefined) return tell(outcome, command, terminal);
  const { checker } = daemon;
  if (checker === undefined) {
    const lines = [`virtual servers: ${daemon.checkerSilence ?? 'nothing is known'}`];
    return tell({ exitCode: refused, answer: { ok: false, lines } }, command, terminal);
  }
  const { virtualServers } = checker;
  const chosen = virtualServers.filter(({ name }) => command.name === undefined || name === command.name);
  if (command.name !== undefined && chosen.length === 0) {
    const lines = [
      `no virtual server is called ${command.name}; there are ${virtualServers.map(({ name }) => name).join(', ')}`,
    ];
    return tell({ exitCode: refused, answer: { ok: false, lines } }, command, terminal);
  }
  const shown = { ...checker, virtualServers: chosen };
  if (command.json) terminal.streams.out(`${JSON.stringify(shown)}\n`);
  else terminal.streams.out(joinSections(describeServers(shown, command.name !== undefined)));
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
): Promise<CtlOutcome> {
  const { hold, instances, forMs, reason } = command;
  const limits = { ...(forMs !== undefined && { forMs }), ...(reason !== undefined && { reason }) };
  const asked = ask(command, { kind: 'giveUp', hold, instances, evenIfAlone, ...limits });
  return terminal.progress('waiting for the successor', asked);
}
