/** The common way of every received packet: check it, count it, say once what was wrong with it; then the state's own answer. */
import type { Datagram } from './messages.ts';
import type { VrrpPacket } from './packet.ts';
import { addressListDifference, receiveAdvertisement } from './reception.ts';
import type { BackupState, LeavingState, MasterState, Peer } from './state.ts';
import { type Counter, counted } from './statistics.ts';
import { type Context, type EventOf, reportOnce, type Step, stay, withCounted } from './step.ts';

type ListeningState = BackupState | MasterState | LeavingState;

/** An advertisement that passed every check. */
export interface HeardAdvertisement {
  readonly source: Datagram['source'];
  readonly priority: number;
  readonly intervalMs: number;
  /** When an answer to it leaves, if it was received at `nowMs` and has waited in the socket. */
  readonly handledAtMs: number;
}

export type Answer<State extends ListeningState> = (
  context: Context<State>,
  advertisement: HeardAdvertisement,
) => Step;

export function hear<State extends ListeningState>(
  context: Context<State>,
  { datagram, unixTimeMs, handledAtMs = context.nowMs }: EventOf<'packet'>,
  answer: Answer<State>,
): Step {
  const { config, state } = context;
  const clock = unixTimeMs === undefined ? {} : { unixTimeMs };
  const { result, memory, tolerated } = receiveAdvertisement(config, state.memory, datagram, clock);
  const remembering = memory === state.memory ? state : { ...state, memory };
  if (!result.ok) {
    const { reason: counter, detail } = result.error;
    return objected(remembering, { kind: 'packetDropped', source: datagram.source, counter, detail });
  }
  const accepted =
    tolerated === undefined
      ? stay(remembering)
      : objected(remembering, { kind: 'packetTolerated', source: datagram.source, ...tolerated });
  const received = { datagram, handledAtMs };
  return behind(accepted, accept({ ...context, state: accepted.next }, received, result.value, answer));
}

interface Objection {
  readonly kind: 'packetDropped' | 'packetTolerated';
  readonly source: Datagram['source'];
  readonly counter: Counter;
  readonly detail: string;
}

function objected<State extends ListeningState>(state: State, objection: Objection): Step<State> {
  const { kind, counter } = objection;
  return reportOnce(withCounted(state, counter), `${kind} ${counter}`, objection);
}

/** The answer first: what it sends has no time to lose. */
function behind({ effects }: Step, answered: Step): Step {
  return effects.length === 0
    ? answered
    : { next: answered.next, effects: [...answered.effects, ...effects] };
}

function accept<State extends ListeningState>(
  context: Context<State>,
  { datagram, handledAtMs }: { readonly datagram: Datagram; readonly handledAtMs: number },
  packet: VrrpPacket,
  answer: Answer<State>,
): Step {
  const counters =
    packet.priority === 0 ? (['advertRcvd', 'priZeroRcvd'] as const) : (['advertRcvd'] as const);
  const difference = listDifference(context, packet, datagram);
  const { source } = datagram;
  const peer = { source, priority: packet.priority, heardAtMs: context.nowMs };
  const state = {
    ...context.state,
    statistics: counted(
      context.state.statistics,
      ...counters,
      ...(difference === undefined ? [] : ['addrListErr' as const]),
    ),
    peers: withPeer(context.state.peers, peer),
  };
  const { priority, advertisementIntervalMs: intervalMs } = packet;
  const answered = answer({ ...context, state }, { source, priority, intervalMs, handledAtMs });
  return difference === undefined ? answered : reportDifference(answered, datagram, difference);
}

/** More routers than anybody gives one VRID; a forger's addresses must not fill the memory. */
const mostPeers = 8;

function withPeer(peers: readonly Peer[], heard: Peer): readonly Peer[] {
  // Nearly always the same one, and the only one.
  if (peers.length < 2 && (peers[0]?.source ?? heard.source) === heard.source) return [heard];
  const others = peers.filter(({ source }) => source !== heard.source);
  return [heard, ...others.slice(0, mostPeers - 1)];
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
