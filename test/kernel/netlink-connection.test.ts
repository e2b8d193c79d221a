import { describe, expect, test } from 'vitest';
import { attributeText, concatenate } from '../../src/ipvs-sync/attributes.ts';
import { NetlinkConnection, type NetlinkRequest } from '../../src/kernel/netlink/connection.ts';
import { decodeAcknowledgement } from '../../src/kernel/netlink/message.ts';
import { errnoName, NetlinkError } from '../../src/kernel/netlink/netlink-error.ts';
import { acknowledgement, FakeSocket, ourPort } from './netlink-fake-socket.ts';

const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_MULTI = 2;
const NLM_F_DUMP = 0x300;
const NLM_F_DUMP_INTR = 0x10;

const request = (operation: string, flags = 0): NetlinkRequest => ({
  type: 20,
  flags,
  body: Uint8Array.of(1, 2, 3),
  operation,
});

const codes = (errors: readonly (NetlinkError | undefined)[]) => errors.map((error) => error?.code);

describe('perform', () => {
  test('all requests go in one datagram, and only the last asks for an acknowledgement', () => {
    const socket = new FakeSocket();
    void new NetlinkConnection(socket.open).perform([request('a'), request('b', 0x600), request('c')]);
    expect(socket.sent.map((messages) => messages.map(({ seq, flags, port }) => [seq, flags, port]))).toEqual(
      [
        [
          [1, 0x1, ourPort],
          [2, 0x601, ourPort],
          [3, 0x5, ourPort],
        ],
      ],
    );
    expect(socket.sent[0]?.map(({ data }) => [...data])).toEqual(Array(3).fill([1, 2, 3]));
  });

  test('silence of all but the last is success, and each refusal is that of its own request', async () => {
    const socket = new FakeSocket();
    const answer = new NetlinkConnection(socket.open).perform([request('a'), request('b'), request('c')]);
    socket.say([acknowledgement(2, 17)]);
    socket.say([acknowledgement(3)]);
    expect(codes(await answer)).toEqual([undefined, 'EEXIST', undefined]);
    expect((await answer)[1]?.message).toBe('b: EEXIST');
  });

  test('without requests nothing is sent', async () => {
    const socket = new FakeSocket();
    expect(await new NetlinkConnection(socket.open).perform([])).toEqual([]);
    expect(socket.opened).toBe(0);
  });

  test('a socket that cannot be opened is a failure of each request', async () => {
    const refuse = () => {
      throw Object.assign(new Error('no'), { code: 'EMFILE' });
    };
    expect(codes(await new NetlinkConnection(refuse).perform([request('a'), request('b')]))).toEqual([
      'EMFILE',
      'EMFILE',
    ]);
  });
});

describe('query', () => {
  test('a dump is whole with its DONE, over several datagrams', async () => {
    const socket = new FakeSocket();
    const answer = new NetlinkConnection(socket.open).query(request('dump', NLM_F_DUMP));
    expect(socket.sent[0]?.[0]?.flags).toBe(0x301);
    const part = (byte: number) => ({ type: 7, flags: NLM_F_MULTI, seq: 1, data: Uint8Array.of(byte) });
    socket.say([part(1), part(2)]);
    socket.say([part(3)]);
    socket.say([{ type: NLMSG_DONE, flags: NLM_F_MULTI, seq: 1, data: new Uint8Array(4) }]);
    expect((await answer).map(({ data }) => data[0])).toEqual([1, 2, 3]);
  });

  test('a dump that ends with an error, or that was inconsistent, is refused', async () => {
    for (const [flags, errno, code] of [
      [0, 12, 'ENOMEM'],
      [NLM_F_DUMP_INTR, 0, 'EINTR'],
    ] as const) {
      const socket = new FakeSocket();
      const answer = new NetlinkConnection(socket.open).query(request('dump', NLM_F_DUMP));
      const data = new Uint8Array(4);
      new DataView(data.buffer).setInt32(0, -errno, true);
      socket.say([{ type: NLMSG_DONE, flags, seq: 1, data }]);
      await expect(answer).rejects.toThrow(`dump: ${code}`);
    }
  });
});

describe('what is not believed', () => {
  test('a datagram from another process is counted and answers nothing', async () => {
    const socket = new FakeSocket();
    const connection = new NetlinkConnection(socket.open);
    const answer = connection.perform([request('a')]);
    socket.say([acknowledgement(1, 1)], 999);
    socket.say([acknowledgement(1)]);
    expect(codes(await answer)).toEqual([undefined]);
    expect(connection.counters).toEqual({ foreign: 1, malformed: 0 });
  });

  test('a malformed datagram is counted, and the connection goes on', async () => {
    const socket = new FakeSocket();
    const connection = new NetlinkConnection(socket.open);
    const answer = connection.perform([request('a')]);
    socket.sayBytes(Uint8Array.of(255, 255, 0, 0, 1));
    socket.sayBytes(Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    socket.say([acknowledgement(1)]);
    expect(codes(await answer)).toEqual([undefined]);
    expect(connection.counters.malformed).toBe(2);
  });

  test("what somebody else's request caused is a notification, also with our sequence number", () => {
    const socket = new FakeSocket();
    const notifications: number[] = [];
    const connection = new NetlinkConnection(socket.open, {
      onNotification: ({ port }) => notifications.push(port),
    });
    void connection.query(request('dump', NLM_F_DUMP));
    socket.say([{ type: 20, seq: 1, port: 999 }]);
    expect(notifications).toEqual([999]);
  });
});

describe('losses', () => {
  test('fail what is under way, close the socket, and the next request opens another', async () => {
    const socket = new FakeSocket();
    const lost: string[] = [];
    const connection = new NetlinkConnection(socket.open, { onLost: (error) => lost.push(error.message) });
    const answers = Promise.all([
      connection.perform([request('a'), request('b')]),
      connection.perform([request('c')]),
    ]);
    socket.say([acknowledgement(1, 17)]);
    socket.lose('ENOBUFS');
    expect((await answers).map(codes)).toEqual([['EEXIST', 'ENOBUFS'], ['ENOBUFS']]);
    expect([lost, socket.closed]).toEqual([['lost'], 1]);
    const next = connection.perform([request('d')]);
    socket.say([acknowledgement(4)]);
    expect(codes(await next)).toEqual([undefined]);
    expect(socket.opened).toBe(2);
  });

  test('closing fails what is under way and what comes later', async () => {
    const socket = new FakeSocket();
    const connection = new NetlinkConnection(socket.open);
    const answer = connection.perform([request('a')]);
    connection.close();
    expect(codes(await answer)).toEqual(['ECANCELED']);
    expect(codes(await connection.perform([request('b')]))).toEqual(['ECANCELED']);
    expect([socket.opened, socket.closed]).toEqual([1, 1]);
  });
});

describe('acknowledgements', () => {
  const text = attributeText(1, 'Unknown device type');
  const error = new Uint8Array(4);
  new DataView(error.buffer).setInt32(0, -95, true);

  test('the words of the kernel are read, after a whole request and after a capped one', () => {
    const header = new Uint8Array(16);
    new DataView(header.buffer).setUint32(0, 16 + 5, true);
    const whole = concatenate([error, header, new Uint8Array(8), text]);
    const capped = concatenate([error, header, text]);
    for (const [flags, data] of [
      [0x200, whole],
      [0x300, capped],
    ] as const) {
      expect(decodeAcknowledgement({ type: NLMSG_ERROR, flags, seq: 1, port: 0, data })).toEqual({
        errno: 95,
        kernelText: 'Unknown device type',
      });
    }
  });

  test('other messages are none, and one cut short ends without an error', () => {
    const message = { type: 20, flags: 0, seq: 1, port: 0, data: error };
    expect(decodeAcknowledgement(message)).toBeUndefined();
    expect(decodeAcknowledgement({ ...message, type: NLMSG_DONE, data: new Uint8Array() })).toEqual({
      errno: 0,
      kernelText: undefined,
    });
  });

  test('an error says what was done, its name and the words of the kernel', () => {
    expect(new NetlinkError('RTM_NEWADDR 10.0.0.3/24', 'EPERM', 'no').message).toBe(
      'RTM_NEWADDR 10.0.0.3/24: EPERM (no)',
    );
    expect([errnoName(1), errnoName(17), errnoName(4000)]).toEqual(['EPERM', 'EEXIST', 'errno 4000']);
  });
});
