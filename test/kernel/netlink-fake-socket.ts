/** A netlink socket whose kernel is the test. */
import { decodeMessages, encodeMessages, type NetlinkMessage } from '../../src/kernel/netlink/message.ts';
import type { OpenTransport, TransportListener } from '../../src/kernel/netlink/transport.ts';

export const ourPort = 4711;
const NLMSG_ERROR = 2;

/** A kernel that is a list of what it was sent and says what a test tells it to. */
export class FakeSocket {
  readonly sent: (readonly NetlinkMessage[])[] = [];
  opened = 0;
  closed = 0;
  /** Answers each datagram on its own, after the call that sent it. */
  answer: (messages: readonly NetlinkMessage[]) => readonly Partial<NetlinkMessage>[] = () => [];
  #listener: TransportListener | undefined;

  readonly open: OpenTransport = (listener) => {
    this.opened += 1;
    this.#listener = listener;
    return {
      port: ourPort,
      sendsAtOnce: true,
      send: (datagram) => {
        const messages = decodeMessages(datagram) ?? [];
        this.sent.push(messages);
        queueMicrotask(() => this.say(this.answer(messages)));
      },
      close: () => {
        this.closed += 1;
      },
    };
  };

  /** One datagram, of the kernel unless said otherwise. */
  say(messages: readonly Partial<NetlinkMessage>[], sender = 0): void {
    const whole = messages.map((one) => ({
      type: 0,
      flags: 0,
      seq: 0,
      port: ourPort,
      data: new Uint8Array(),
      ...one,
    }));
    this.#listener?.onDatagram(encodeMessages(whole), sender);
  }

  sayBytes(datagram: Uint8Array): void {
    this.#listener?.onDatagram(datagram, 0);
  }

  lose(code: string): void {
    this.#listener?.onError(Object.assign(new Error('lost'), { code }));
  }
}

/** struct nlmsgerr with the request's header. */
export function acknowledgement(seq: number, errno = 0): Partial<NetlinkMessage> {
  const data = new Uint8Array(20);
  new DataView(data.buffer).setInt32(0, -errno, true);
  return { type: NLMSG_ERROR, seq, data };
}
