/** The common way of every received packet: check it, count it, say once what was wrong with it; then the state's own answer. */
import type { Datagram } from './messages.ts';
import type { VrrpPacket } from './packet.ts';
import { addressListDifference, receiveAdvertisement } from './reception.ts';
import type { BackupState, MasterState } from './state.ts';
import { type Context, reportOnce, type Step, withCounted } from './step.ts';

type ListeningState = BackupState | MasterState;

/** An advertisement that passed every check. */
export interface HeardAdvertisement {
  readonly source: Datagram['source'];
  readonly priority: number;
  readonly intervalMs: number;
}

export type Answer<State extends ListeningState> = (
  context: Context<State>,
  advertisement: HeardAdvertisement,
) => Step;

export function hear<State extends ListeningState>(
  context: Context<State>,
  datagram: Datagram,
  answer: Answer<State>,
): Step {
  const received = receiveAdvertisement(context.config, datagram);
  if (!received.ok) {
    const { reason, detail } = received.error;
    const { source } = datagram;
    const state = withCounted(context.state, reason);
    return reportOnce(state, `packetDropped ${reason}`, {
      kind: 'packetDropped',
      source,
      counter: reason,
      detail,
    });
  }
  const packet = received.value;
  const counters =
    packet.priority === 0 ? (['advertRcvd', 'priZeroRcvd'] as const) : (['advertRcvd'] as const);
  const difference = listDifference(context, packet, datagram);
  const state = withCounted(
    context.state,
    ...counters,
    ...(difference === undefined ? [] : ['addrListErr' as const]),
  );
  const answered = answer(
    { ...context, state },
    { source: datagram.source, priority: packet.priority, intervalMs: packet.advertisementIntervalMs },
  );
  return difference === undefined ? answered : reportDifference(answered, datagram, difference);
}

/** keepalived.conf(5): skip_check_adv_addr trusts the Master whose list has been seen before. */
function listDifference(
  { config, state }: Context<ListeningState>,
  packet: VrrpPacket,
  { source }: Datagram,
): string | undefined {
  const isTrusted = config.skipCheckAdvAddr && state.name === 'Backup' && state.master === source;
  return isTrusted ? undefined : addressListDifference(config, packet);
}

/** Behind the answer, since a new Master or state is one whose list has not been reported yet. */
function reportDifference(answered: Step, { source }: Datagram, detail: string): Step {
  const reported = reportOnce(answered.next, 'addressListDiffers', {
    kind: 'addressListDiffers',
    source,
    detail,
  });
  return { next: reported.next, effects: [...answered.effects, ...reported.effects] };
}
