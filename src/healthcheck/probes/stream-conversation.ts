/**
 * Carries a conversation over one TCP connection, plain or TLS: connects, sends, hands on what comes, closes. What is said is the
 * conversation's business, which has no socket and no timer.
 */
import type { Socket } from 'node:net';
import type { CheckConnection } from '../../config-parser/config.ts';
import { failureOf, type StepFailure } from './outcome.ts';
import type { PhaseName, StreamAttempt } from './stream-attempt.ts';
import type { OpenStream, StreamTools } from './stream-tools.ts';

/** What a conversation makes of what came. */
export type Reply =
  | { readonly kind: 'wait'; readonly phase?: PhaseName }
  | { readonly kind: 'send'; readonly text: string; readonly phase: PhaseName }
  | { readonly kind: 'done' }
  | StepFailure;

export type End = { readonly kind: 'done' } | StepFailure;

export interface Conversation {
  /** What is said first; undefined where the server speaks first. */
  readonly opening?: string;
  /** The phase after connecting. */
  readonly firstPhase: PhaseName;
  take(bytes: Buffer): Reply;
  /** The server has ended its side. Over TLS `isAnnounced` is false where no close_notify came before. */
  end(isAnnounced: boolean): End;
}

/** TLS on a connected socket. */
export interface SecureChannel {
  readonly socket: Socket;
  /** Whether close_notify came; asked once the server has ended its side. */
  readonly isEndAnnounced: () => boolean;
}

export interface Channel {
  readonly connection: CheckConnection;
  readonly tools: StreamTools;
  /** Begins TLS; its socket emits 'secureConnect'. Throws what TLS does not accept of this host's settings. */
  readonly secure?: (socket: Socket) => SecureChannel;
}

/** Undefined: it went well. Never rejects; nothing is open once it is resolved. */
export function converse(
  attempt: StreamAttempt,
  channel: Channel,
  conversation: Conversation,
): Promise<StepFailure | undefined> {
  return new Promise((resolve) => new Talk(attempt, channel, conversation, resolve).start());
}

/**
 * How long the server has to end the connection too, once all is said. It does so first where it was asked to, and then no
 * TIME_WAIT entry is left here: 5,000 checks a second would use up the ephemeral ports within 6 seconds.
 */
const partingMs = 250;

const said: End = { kind: 'done' };

class Talk {
  readonly #attempt: StreamAttempt;
  readonly #channel: Channel;
  readonly #conversation: Conversation;
  readonly #resolve: (failure: StepFailure | undefined) => void;
  /** Ends what there is, whatever it is. */
  #drop: () => void = () => {};
  #raw: Socket | undefined;
  /** What is written to and read from: `#raw`, or TLS on it. */
  #socket: Socket | undefined;
  #isEndAnnounced = (): boolean => true;
  #parting: NodeJS.Timeout | undefined;
  #isSaid = false;
  #isOver = false;

  constructor(
    attempt: StreamAttempt,
    channel: Channel,
    conversation: Conversation,
    resolve: (failure: StepFailure | undefined) => void,
  ) {
    this.#attempt = attempt;
    this.#channel = channel;
    this.#conversation = conversation;
    this.#resolve = resolve;
  }

  start(): void {
    const { interruption } = this.#attempt;
    if (interruption !== undefined) this.#finish(interruption);
    else this.#connect();
  }

  #connect(): void {
    const { tools, connection } = this.#channel;
    this.#attempt.enter('connect');
    this.#attempt.interrupt = (failure) => this.#finish(this.#isSaid ? undefined : failure);
    try {
      const pending = tools.connectStream(connection, (result) => {
        if ('error' in result) this.#finish(failureOf(result.error));
        else this.#onConnected(result.stream);
      });
      this.#drop = () => pending.cancel();
    } catch (error) {
      this.#finish(failureOf(error));
    }
  }

  #onConnected(stream: OpenStream): void {
    const raw = stream.toSocket();
    this.#raw = raw;
    this.#drop = () => raw.destroy();
    // Listeners for the sockets' whole lives: an error after the verdict must not end the process.
    raw.on('error', (error) => this.#fail(error));
    raw.once('close', () => this.#fail(new Error('The connection was closed')));
    const { secure } = this.#channel;
    if (secure === undefined) this.#begin(raw);
    else this.#beginTls(raw, secure);
  }

  #beginTls(raw: Socket, secure: (raw: Socket) => SecureChannel): void {
    this.#attempt.enter('tls');
    try {
      const { socket, isEndAnnounced } = secure(raw);
      this.#drop = () => {
        socket.destroy();
        raw.destroy();
      };
      this.#isEndAnnounced = isEndAnnounced;
      socket.on('error', (error) => this.#fail(error));
      socket.once('secureConnect', () => this.#begin(socket));
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      this.#finish({ kind: 'inconclusive', what: `TLS cannot begin: ${what}` });
    }
  }

  #begin(socket: Socket): void {
    if (this.#isOver) return;
    this.#socket = socket;
    const { opening, firstPhase } = this.#conversation;
    this.#attempt.enter(firstPhase);
    socket.on('data', (bytes: Buffer) => this.#onData(bytes));
    socket.once('end', () => this.#onEnd());
    if (opening !== undefined) socket.write(opening, 'latin1');
  }

  #onData(bytes: Buffer): void {
    if (this.#isSaid || this.#isOver) return;
    this.#attempt.hasProgressed();
    this.#heed(this.#conversation.take(bytes));
  }

  #onEnd(): void {
    if (this.#isOver) return;
    const end = this.#isSaid ? said : this.#conversation.end(this.#isEndAnnounced());
    this.#finish(end.kind === 'done' ? undefined : end);
  }

  #heed(reply: Reply): void {
    switch (reply.kind) {
      case 'wait':
        if (reply.phase !== undefined) this.#attempt.enter(reply.phase);
        break;
      case 'send':
        this.#attempt.enter(reply.phase);
        this.#socket?.write(reply.text, 'latin1');
        break;
      case 'done':
        this.#part();
        break;
      default:
        this.#finish(reply);
    }
  }

  /** All is well; the connection is still to end. */
  #part(): void {
    this.#isSaid = true;
    this.#attempt.settle();
    this.#parting = setTimeout(() => {
      this.#raw?.resetAndDestroy();
      this.#finish(undefined);
    }, partingMs);
  }

  #fail(error: Error): void {
    this.#finish(this.#isSaid ? undefined : failureOf(error));
  }

  #finish(failure: StepFailure | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#parting);
    this.#drop();
    this.#resolve(failure);
  }
}
