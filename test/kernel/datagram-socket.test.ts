/** What needs no privilege: UDP on the loopback interface and Unix sockets. Raw sockets are in integration/network. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { nowMs } from '../../src/kernel/clock.ts';
import { DatagramSocket, type MessageInfo, RECEIVE_BATCH } from '../../src/kernel/datagram-socket.ts';
import { DeadlineTimer } from '../../src/kernel/deadline-timer.ts';
import { ipOfSocketAddress, ipv4SocketAddress, ipv6SocketAddress } from '../../src/kernel/socket-address.ts';
import {
  AF_INET,
  AF_INET6,
  IP_PKTINFO,
  IP_RECVTOS,
  IP_RECVTTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_PKTINFO,
  IPV6_RECVHOPLIMIT,
  IPV6_RECVPKTINFO,
  SO_RCVBUF,
  SO_TIMESTAMPNS,
  SOCK_DGRAM,
  SOL_SOCKET,
} from '../../src/kernel/socket-constants.ts';
import { address } from '../../src/net/address.ts';

const loopback = address('127.0.0.1');
const sockets: DatagramSocket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

function udp(family = AF_INET, maxDatagramBytes?: number): DatagramSocket {
  const socket = new DatagramSocket({
    family,
    type: SOCK_DGRAM,
    protocol: 0,
    ...(maxDatagramBytes && { maxDatagramBytes }),
  });
  sockets.push(socket);
  return socket;
}

/** A receiver on a free port, and a sender connected to it. */
function connected(maxDatagramBytes?: number) {
  const receiver = udp(AF_INET, maxDatagramBytes);
  receiver.bind(ipv4SocketAddress(loopback));
  const sender = udp();
  sender.connect(receiver.localAddress());
  return { receiver, sender };
}

async function nextMessage(socket: DatagramSocket): Promise<{ payload: Buffer; info: MessageInfo }> {
  const [payload, info] = (await once(socket, 'message')) as [Buffer, MessageInfo];
  return { payload, info };
}

/** Enough turns of the loop for what is readable to be delivered, were it delivered. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn();
}

describe('a datagram socket', () => {
  it('delivers the payload and the sender', async () => {
    const { receiver, sender } = connected();
    sender.send(Buffer.from('hello'));
    const { payload, info } = await nextMessage(receiver);
    expect(payload.toString()).toBe('hello');
    expect(ipOfSocketAddress(info.address)).toBe('127.0.0.1');
    expect(info.truncated).toBe(false);
    expect(info.control).toEqual([]);
  });

  it('delivers an empty datagram', async () => {
    const { receiver, sender } = connected();
    sender.send(new Uint8Array(0));
    expect((await nextMessage(receiver)).payload).toHaveLength(0);
  });

  it('sends only the part of a buffer that a view shows', async () => {
    const { receiver, sender } = connected();
    sender.send(Buffer.from('abcdef').subarray(2, 4));
    expect((await nextMessage(receiver)).payload.toString()).toBe('cd');
  });

  it('delivers what was sent in order, more than a batch of it', async () => {
    const { receiver, sender } = connected();
    const numbers = Array.from({ length: 100 }, (_, index) => index);
    const received: number[] = [];
    const all = new Promise<void>((resolve) => {
      receiver.on('message', (payload) => {
        received.push(payload.readUInt8());
        if (received.length === numbers.length) resolve();
      });
    });
    for (const number of numbers) sender.send(Uint8Array.of(number));
    await all;
    expect(received).toEqual(numbers);
  });

  it('says when a datagram was cut', async () => {
    const { receiver, sender } = connected(8);
    sender.send(new Uint8Array(9));
    const { payload, info } = await nextMessage(receiver);
    expect(payload).toHaveLength(8);
    expect(info.truncated).toBe(true);
  });

  it('does not call a datagram cut that fits exactly', async () => {
    const { receiver, sender } = connected(8);
    sender.send(new Uint8Array(8));
    expect((await nextMessage(receiver)).info.truncated).toBe(false);
  });

  it('dates a datagram by the kernel, not by when it was read', async () => {
    const { receiver, sender } = connected();
    const heldMs = 20;
    receiver.setOption(SOL_SOCKET, SO_TIMESTAMPNS, 1);
    let delaysMs: number[] = [];
    // The kernel begins to stamp some time after the first socket of the host has asked for it.
    for (let attempt = 0; attempt < 20 && (delaysMs[1] ?? heldMs) >= heldMs; attempt++) {
      const before = nowMs();
      sender.send(Buffer.from('x'));
      const sentAt = nowMs();
      while (nowMs() < sentAt + heldMs);
      const { info } = await nextMessage(receiver);
      delaysMs = [info.receivedAtMs - before, info.receivedAtMs - sentAt];
    }
    expect(delaysMs[0]).toBeGreaterThan(-1);
    expect(delaysMs[1]).toBeLessThan(heldMs);
  });

  it('decodes hop limit and packet info, and hands on other control messages', async () => {
    const { receiver, sender } = connected();
    for (const option of [IP_RECVTTL, IP_PKTINFO, IP_RECVTOS]) receiver.setOption(IPPROTO_IP, option, 1);
    sender.send(Buffer.from('x'));
    const { info } = await nextMessage(receiver);
    expect(info.hopLimit).toBe(64);
    expect(info.destination).toEqual(Buffer.from([127, 0, 0, 1]));
    expect(info.interfaceIndex).toBe(1);
    expect(info.control).toEqual([[IPPROTO_IP, 1, Buffer.from([0])]]);
  });

  it('sends control messages: the source address of IPv6', async () => {
    const receiver = udp(AF_INET6);
    receiver.bind(ipv6SocketAddress(address('::1')));
    for (const option of [IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT]) receiver.setOption(IPPROTO_IPV6, option, 1);
    const source = Buffer.alloc(20);
    source[15] = 1;
    udp(AF_INET6).send(Buffer.from('x'), receiver.localAddress(), {
      control: [[IPPROTO_IPV6, IPV6_PKTINFO, source]],
    });
    const { info } = await nextMessage(receiver);
    expect(ipOfSocketAddress(info.address)).toBe('::1');
    expect(info).toMatchObject({ hopLimit: 64, interfaceIndex: 1 });
  });

  it('delivers at once what is pending when asked, a bounded batch', () => {
    const { receiver, sender } = connected();
    let received = 0;
    receiver.on('message', () => {
      received += 1;
      receiver.receivePending();
    });
    for (let index = 0; index < 20; index++) sender.send(Buffer.from('x'));
    receiver.receivePending();
    expect(received).toBe(16);
  });
});

it('a deadline that asks for what is pending hears what came while it was waited out', async () => {
  const { receiver, sender } = connected();
  const story: string[] = [];
  let hasApproached = false;
  receiver.on('message', () => story.push('message'));
  await new Promise<void>((resolve) => {
    const timer: DeadlineTimer = new DeadlineTimer(
      () => {
        // A busy machine woke us after the deadline: the next one, far enough away to be waited out.
        if (!hasApproached) return timer.set(nowMs() + 110);
        receiver.receivePending();
        story.push('deadline');
        timer.close();
        resolve();
      },
      {
        leadMs: 5,
        onApproach: () => {
          hasApproached = true;
          sender.send(Buffer.from('x'));
        },
      },
    );
    timer.set(nowMs() + 10);
  });
  expect(story).toEqual(['message', 'deadline']);
});

describe('errors', () => {
  it('say what was being done, and carry code, errno and syscall', () => {
    expect.assertions(1);
    try {
      udp().setOption(SOL_SOCKET, 9999, 1, 'set the unknown');
    } catch (error) {
      expect(error).toMatchObject({
        message: 'set the unknown: ENOPROTOOPT protocol not available',
        code: 'ENOPROTOOPT',
        errno: -92,
        syscall: 'setsockopt',
      });
    }
  });

  it('of a connected peer that is gone are an event, and the socket goes on', async () => {
    const { receiver, sender } = connected();
    const target = receiver.localAddress();
    receiver.close();
    sender.send(Buffer.from('x'));
    const [error] = await once(sender, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED', errno: -111 });

    const second = udp();
    second.bind(target);
    sender.send(Buffer.from('again'));
    expect((await nextMessage(second)).payload.toString()).toBe('again');
    second.send(Buffer.from('answer'), sender.localAddress());
    expect((await nextMessage(sender)).payload.toString()).toBe('answer');
  });

  it('refuse a family that does not exist', () => {
    expect(() => udp(250)).toThrow(/^open socket \(family 250, protocol 0\): EAFNOSUPPORT/);
  });

  it('refuse arguments that are no bytes', () => {
    const { sender } = connected();
    expect(() => sender.send('text' as unknown as Uint8Array)).toThrow('payload must be a Uint8Array');
    expect(() => sender.send(new Uint16Array(1) as unknown as Uint8Array)).toThrow(TypeError);
  });

  it('refuse control messages that do not fit', () => {
    const { sender } = connected();
    const control = [[0, 0, new Uint8Array(1000)]] as const;
    expect(() => sender.send(new Uint8Array(1), undefined, { control })).toThrow('too long');
  });
});

describe('close', () => {
  it('is an event, after which nothing is delivered', async () => {
    const { receiver, sender } = connected();
    let received = 0;
    receiver.on('message', () => {
      received += 1;
    });
    sender.send(Buffer.from('x'));
    receiver.close();
    await once(receiver, 'close');
    await someTurns();
    expect(received).toBe(0);
  });

  it('inside a message drops the rest of the batch', async () => {
    const { receiver, sender } = connected();
    let received = 0;
    receiver.on('message', () => {
      received += 1;
      receiver.close();
    });
    for (let index = 0; index < 5; index++) sender.send(Buffer.from('x'));
    await once(receiver, 'close');
    await someTurns();
    expect(received).toBe(1);
  });

  it('makes every later use an error, save closing again', () => {
    const socket = udp();
    socket.close();
    socket.close();
    socket.ref();
    expect(() => socket.send(Buffer.from('x'))).toThrow('it has been closed');
    expect(() => socket.localAddress()).toThrow('it has been closed');
  });

  it('gives the descriptors back, also when many sockets are opened and closed', async () => {
    const descriptors = () => readdirSync('/proc/self/fd').length;
    const before = descriptors();
    for (let index = 0; index < 500; index++) {
      const socket = udp();
      socket.bind(ipv4SocketAddress(loopback));
      socket.close();
    }
    await someTurns();
    expect(descriptors()).toBe(before);
  });
});

describe('receivePending', () => {
  it('finds nothing any more once a listener has closed the socket', () => {
    const { receiver, sender } = connected();
    receiver.on('message', () => receiver.close());
    for (let index = 0; index < 20; index++) sender.send(Buffer.from('x'));
    receiver.receivePending();
    expect(receiver.receivePending()).toBe(0);
  });
});

describe('a paused socket', () => {
  it('emits nothing until it goes on, and then what has waited', async () => {
    const { receiver, sender } = connected();
    const received: string[] = [];
    receiver.on('message', (payload) => received.push(payload.toString()));
    receiver.pause();
    sender.send(Buffer.from('x'));
    await someTurns();
    expect(received).toEqual([]);
    receiver.resume();
    await nextMessage(receiver);
    expect(received).toEqual(['x']);
  });

  it('does not go on by itself after an error', async () => {
    const { receiver, sender } = connected();
    const errors: string[] = [];
    sender.on('error', (error) => errors.push(error.code ?? ''));
    receiver.close();
    sender.pause();
    // Nobody listens: the answer is an error that waits on the socket.
    sender.send(Buffer.from('x'));
    await someTurns();
    expect(errors).toEqual([]);
    sender.resume();
    await someTurns();
    expect(errors).toEqual(['ECONNREFUSED']);
  });
});

describe('a filter', () => {
  const returnNothing = Uint8Array.of(6, 0, 0, 0, 0, 0, 0, 0);
  const returnAll = Uint8Array.of(6, 0, 0, 0, 0xff, 0xff, 0, 0);

  it('keeps from the socket what it does not accept, and gives way to another', () => {
    const { receiver, sender } = connected();
    receiver.attachFilter(returnNothing);
    sender.send(Buffer.from('x'));
    expect(receiver.receivePending()).toBe(0);
    receiver.attachFilter(returnAll);
    for (let index = 0; index < 20; index++) sender.send(Buffer.from('x'));
    expect([receiver.receivePending(), receiver.receivePending()]).toEqual([RECEIVE_BATCH, 4]);
  });

  it('is refused when it is no program', () => {
    const socket = udp();
    expect(() => socket.attachFilter(new Uint8Array(0))).toThrow('a filter has 1 to 4096 instructions');
    expect(() => socket.attachFilter(new Uint8Array(12))).toThrow('a filter has 1 to 4096 instructions');
    expect(() => socket.attachFilter(new Uint8Array(8 * 4097))).toThrow(
      'a filter has 1 to 4096 instructions',
    );
    expect(() => socket.attachFilter(Uint8Array.of(5, 0, 0, 0, 9, 0, 0, 0), 'watch')).toThrow(
      'watch: EINVAL',
    );
  });
});

describe('options', () => {
  it('are read back as the kernel has them', () => {
    const socket = udp();
    socket.setOption(SOL_SOCKET, SO_RCVBUF, 8192);
    // Linux doubles what is asked for, socket(7).
    expect(socket.getOption(SOL_SOCKET, SO_RCVBUF).readInt32LE()).toBe(16_384);
  });

  it('that may fail for lack of permission answer false only for that', () => {
    expect(() => udp().trySetOption(SOL_SOCKET, 9999, 1)).toThrow('ENOPROTOOPT');
  });

  it('enlarge the receive buffer with and without privilege', () => {
    const socket = udp();
    const size = () => socket.getOption(SOL_SOCKET, SO_RCVBUF).readInt32LE();
    socket.setOption(SOL_SOCKET, SO_RCVBUF, 4096);
    const before = size();
    socket.enlargeReceiveBuffer(65_536);
    expect(size()).toBeGreaterThan(before);
  });
});
