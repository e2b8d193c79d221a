/** What operators ask of the vrrp and the checker process, and the answers. */
import type { CheckerAnswer, CheckerCommand, ChildRole, CommandAnswer, InstanceCommand } from '../ipc.ts';
import { listens } from './child-orders.ts';
import type { StepUnderWay } from './step-under-way.ts';
import type { AskedCommand } from './supervisor-state.ts';

type Command = InstanceCommand | CheckerCommand;

/** A process that does not answer is not asked without end. */
export const commandLimit = 64;

const names = { vrrp: 'VRRP process', checker: 'checker process' } as const;
const subjects = { vrrp: 'VRRP instance', checker: 'virtual server' } as const;

export function commandRequested(step: StepUnderWay, request: number, command: Command): void {
  const role = roleOf(command);
  const reason = reasonAgainst(step, command, role);
  if (reason !== undefined) {
    step.does({ kind: 'answer', request, answer: { ok: false, lines: [reason] } });
    return;
  }
  step.set({ commands: [...step.state.commands, { request, role }] });
  step.does({ kind: 'passOn', role, message: { kind: 'command', id: request, command } });
}

function roleOf({ kind }: Command): AskedCommand['role'] {
  return kind === 'giveUp' || kind === 'resume' || kind === 'status' ? 'vrrp' : 'checker';
}

function reasonAgainst(step: StepUnderWay, command: Command, role: AskedCommand['role']): string | undefined {
  const isQuestion = command.kind === 'status' || command.kind === 'checkerStatus';
  if (!isQuestion && step.state.phase === 'stopping') {
    return role === 'vrrp'
      ? 'holdfast is stopping: it gives up all addresses anyway'
      : 'holdfast is stopping: nothing is changed any more';
  }
  const unanswered = step.state.commands.filter((one) => one.role === role).length;
  if (unanswered >= commandLimit) {
    return `the ${names[role]} has left ${commandLimit} commands unanswered: nothing more is asked of it`;
  }
  if (listens(step, role)) return undefined;
  if (step.child(role).phase === 'absent') return `this configuration has no ${subjects[role]}`;
  return `the ${names[role]} is being started: ask again in a moment`;
}

export function commandAnswered(
  step: StepUnderWay,
  role: ChildRole,
  request: number,
  answer: CommandAnswer | CheckerAnswer,
): void {
  const { commands } = step.state;
  if (!commands.some((one) => one.request === request && one.role === role)) return;
  step.set({ commands: commands.filter((one) => one.request !== request) });
  step.does({ kind: 'answer', request, answer });
}

/** The process of `role` is gone, and with it whoever knew the answers. */
export function commandsAreLost(step: StepUnderWay, role: ChildRole): void {
  if (role !== 'vrrp' && role !== 'checker') return;
  const lost = step.state.commands.filter((one) => one.role === role);
  step.set({ commands: step.state.commands.filter((one) => one.role !== role) });
  const lines = [`the ${names[role]} ended before it answered; see the log for why`];
  for (const { request } of lost) step.does({ kind: 'answer', request, answer: { ok: false, lines } });
}
