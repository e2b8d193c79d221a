/** `holdfast ctl drain-server`: weight 0, and on request the wait until the last connection is gone. */
import type { RealServerStatus } from '../daemon/ipc.ts';
import { ask, type CtlOutcome, tell } from './ctl-ask.ts';
import type { CtlCommand } from './ctl-options.ts';
import type { CtlTerminal } from './ctl-terminal.ts';

type DrainCommand = Extract<CtlCommand, { kind: 'drainServer' }>;

const refused = 1;
const pollMs = 1000;

export async function drainServer(command: DrainCommand, terminal: CtlTerminal): Promise<number> {
  const outcome = await confirmed(command, terminal);
  if (!outcome.answer.ok || !command.wait) return tell(outcome, command, terminal);
  if (!command.json) tell(outcome, command, terminal);
  const waited = await terminal.progress('waiting for the last connections', untilIdle(command, terminal));
  return tell(waited, command, terminal);
}

async function confirmed(command: DrainCommand, terminal: CtlTerminal): Promise<CtlOutcome> {
  const outcome = await askToDrain(command, command.yes);
  const { answer } = outcome;
  if (answer.ok || answer.confirm !== true || command.json) return outcome;
  if (terminal.confirm === undefined) {
    const lines = [...answer.lines, 'Nothing was done. With --yes it is done all the same.'];
    return { exitCode: refused, answer: { ok: false, lines } };
  }
  for (const line of answer.lines) terminal.streams.error(`${line}\n`);
  if (await terminal.confirm('Drain it all the same?')) return askToDrain(command, true);
  return { exitCode: refused, answer: { ok: false, lines: ['Nothing was done.'] } };
}

function askToDrain(command: DrainCommand, evenIfLast: boolean): Promise<CtlOutcome> {
  const { server, forMs, reason } = command;
  const limits = { ...(forMs !== undefined && { forMs }), ...(reason !== undefined && { reason }) };
  return ask(command, { kind: 'drainServer', ...server, ...limits, evenIfLast });
}

/** The kernel's own count, as the daemon last read it. The drain goes on when the time is over. */
async function untilIdle(command: DrainCommand, terminal: CtlTerminal): Promise<CtlOutcome> {
  const endsAtMs = performance.now() + command.timeoutMs;
  for (;;) {
    const { exitCode, answer } = await ask(command, { kind: 'status' });
    if (!answer.ok) return { exitCode, answer };
    const drained = drainedServers(answer.daemon?.checker?.virtualServers ?? []);
    const busy = drained.filter(
      (one) => (one.connections?.active ?? 0) + (one.connections?.inactive ?? 0) > 0,
    );
    if (busy.length === 0) return { exitCode: 0, answer: { ok: true, lines: ['No connection is left'] } };
    if (performance.now() >= endsAtMs || !(await terminal.pause(pollMs))) {
      const names = busy.map(({ name, connections }) => `${name} (${connections?.active ?? 0} active)`);
      const lines = [
        `connections are left after ${command.timeoutMs / 1000} s: ${names.join(', ')}; it stays drained`,
      ];
      return { exitCode: refused, answer: { ok: false, lines } };
    }
  }

  function drainedServers(
    servers: readonly { readonly name: string; readonly realServers: readonly RealServerStatus[] }[],
  ): readonly RealServerStatus[] {
    const { virtualServer, realServer } = command.server;
    return servers
      .filter(({ name }) => virtualServer === undefined || name === virtualServer)
      .flatMap(({ realServers }) => realServers)
      .filter(
        ({ name, hold }) => hold !== undefined && (realServer === undefined || isCalled(name, realServer)),
      );
  }
}

/** `10.0.0.7:80` is called so, and `10.0.0.7`, and `[10.0.0.7]:80` as logs have it. */
function isCalled(name: string, asked: string): boolean {
  const plain = (text: string) => text.replace(/[[\]]/g, '');
  return plain(name) === plain(asked) || plain(name).replace(/:\d+$/, '') === plain(asked);
}
