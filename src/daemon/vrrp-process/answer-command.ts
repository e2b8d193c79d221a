/** Answers what an operator asks over the control socket. */
import type { EventLoopMonitor } from '../../kernel/event-loop-delay.ts';
import type { CommandAnswer, InstanceCommand, VrrpStatus } from '../ipc.ts';
import { instanceStatus } from './status.ts';
import type { VrrpProcess } from './vrrp-process.ts';

export interface Answering {
  readonly vrrp: VrrpProcess;
  readonly delays: EventLoopMonitor;
}

export function answerCommand(
  command: InstanceCommand,
  { vrrp, delays }: Answering,
  reply: (answer: CommandAnswer) => void,
): void {
  switch (command.kind) {
    case 'giveUp':
      vrrp.commands.giveUp(command, reply);
      break;
    case 'resume':
      vrrp.commands.resume(command.instances, reply);
      break;
    case 'status':
      reply({ ok: true, lines: [], status: statusOf(vrrp, delays) });
      break;
    default:
      command satisfies never;
  }
}

function statusOf(vrrp: VrrpProcess, delays: EventLoopMonitor): VrrpStatus {
  const nowMs = vrrp.nowMs();
  const { unclaimedDatagrams, malformedDatagrams } = vrrp.sockets;
  return {
    instances: vrrp.table.all.map((runtime) => instanceStatus(runtime, nowMs)),
    groups: vrrp.table.groups.map(({ config, state }) => ({
      name: config.name,
      state: state ?? 'Changing',
      members: config.members,
    })),
    trackers: vrrp.lookout.readings,
    eventLoopDelay: delays.read(),
    counters: { unclaimedDatagrams, malformedDatagrams },
  };
}
