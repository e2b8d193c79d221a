/** A question to the daemon and its answer, on standard output or standard error, with an exit status. */
import {
  askDaemon,
  type ControlAnswer,
  type ControlRequest,
  NoAnswerError,
  NoDaemonError,
} from '../daemon/control-socket/index.ts';
import type { CtlTerminal } from './ctl-terminal.ts';

export interface CtlOutcome {
  readonly exitCode: number;
  readonly answer: ControlAnswer;
}

const done = 0;
const refused = 1;
const noDaemon = 3;

/** A daemon that does not answer is an outcome as any other. */
export async function ask(
  { socket, timeoutMs }: { readonly socket: string; readonly timeoutMs: number },
  request: ControlRequest,
): Promise<CtlOutcome> {
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
export function tell(
  { exitCode, answer }: CtlOutcome,
  { json }: { readonly json: boolean },
  { streams }: CtlTerminal,
): number {
  if (json) streams.out(`${JSON.stringify(answer)}\n`);
  else {
    const write = answer.ok ? streams.out : streams.error;
    for (const line of answer.lines) write(`${line}\n`);
  }
  return exitCode;
}
