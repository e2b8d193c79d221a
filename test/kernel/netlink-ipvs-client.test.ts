import { describe, expect, test } from 'vitest';
import { attribute } from '../../src/ipvs-sync/attributes.ts';
import type { Destination, Operation, Service } from '../../src/ipvs-sync/index.ts';
import { IpvsError, openIpvsClient } from '../../src/kernel/ipvs-client.ts';
import type { NetlinkMessage } from '../../src/kernel/netlink/index.ts';
import { address } from '../../src/net/address.ts';
import { acknowledgement, FakeSocket } from './netlink-fake-socket.ts';

const EPERM = 1;
const ENOENT = 2;
const ESRCH = 3;
const EEXIST = 17;
const GENL_ID_CTRL = 16;
const ipvsFamily = 28;

const http: Service = {
  service: { kind: 'address', protocol: 'TCP', address: address('10.0.0.3'), port: 80 },
  scheduler: 'rr',
  flags: 0,
  persistenceTimeoutSeconds: 0,
  persistencePrefixLength: 32,
};

const commandOf = (message: NetlinkMessage): number => message.data[0] ?? 0;

/** A kernel that has the family once `has()` says so, and acknowledges each command with the error `refuse` names. */
function kernel(has: () => boolean, refuse: (command: number) => number = () => 0): FakeSocket {
  const socket = new FakeSocket();
  socket.answer = ([message]) => {
    if (message === undefined) return [];
    if (message.type !== GENL_ID_CTRL) return [acknowledgement(message.seq, refuse(commandOf(message)))];
    if (!has()) return [acknowledgement(message.seq, ENOENT)];
    const data = Uint8Array.of(1, 2, 0, 0, ...attribute(1, Uint8Array.of(ipvsFamily, 0)));
    return [{ type: GENL_ID_CTRL, seq: message.seq, data }, acknowledgement(message.seq)];
  };
  return socket;
}

const noModprobe = () => Promise.reject(new Error('modprobe was asked for'));

describe('opening', () => {
  test('a kernel that has the family is not asked to load it', async () => {
    const socket = kernel(() => true);
    const client = await openIpvsClient({ open: socket.open, loadModule: noModprobe });
    await client.flush();
    expect(socket.sent.at(-1)?.map((message) => [message.type, ...message.data])).toEqual([
      [ipvsFamily, 17, 1, 0, 0],
    ]);
  });

  test('a family that is missing is there after modprobe', async () => {
    let loaded = false;
    const socket = kernel(() => loaded);
    const loadModule = async () => {
      loaded = true;
      return undefined;
    };
    await expect(openIpvsClient({ open: socket.open, loadModule })).resolves.toBeDefined();
  });

  test.each([
    ['modprobe ip_vs: FATAL: Module ip_vs not found', 'modprobe ip_vs: FATAL: Module ip_vs not found'],
    [undefined, 'modprobe ip_vs succeeded, but the family IPVS is still missing'],
  ])(
    'without the family one line says so (modprobe: %s), and no socket stays open',
    async (failure, reason) => {
      const socket = kernel(() => false);
      const opening = openIpvsClient({ open: socket.open, loadModule: async () => failure });
      await expect(opening).rejects.toThrow(
        `this kernel has no IPVS: virtual servers are not served (${reason})`,
      );
      expect(socket.opened).toBeGreaterThan(0);
      expect(socket.closed).toBe(socket.opened);
    },
  );
});

describe('performing', () => {
  const client = (refuse: (command: number) => number) => {
    const socket = kernel(() => true, refuse);
    const commands = () => socket.sent.slice(1).map(([message]) => message && commandOf(message));
    return { commands, opened: openIpvsClient({ open: socket.open, loadModule: noModprobe }) };
  };

  test('a refusal is an IpvsError with the command, the service and the name of the error', async () => {
    const { opened } = client(() => EPERM);
    const error = await (await opened)
      .perform({ kind: 'createService', service: http })
      .catch((one: unknown) => one);
    expect(error).toBeInstanceOf(IpvsError);
    expect(error).toMatchObject({
      message: 'IPVS_CMD_NEW_SERVICE 10.0.0.3:80/tcp: EPERM (this process may not: it needs CAP_NET_ADMIN)',
      command: 'IPVS_CMD_NEW_SERVICE',
      subject: '10.0.0.3:80/tcp',
      code: 'EPERM',
    });
  });

  test('creating what exists is an update, and a refused update is not tried otherwise', async () => {
    const { opened, commands } = client((command) => (command === 1 ? EEXIST : 0));
    await (await opened).perform({ kind: 'createService', service: http });
    expect(commands()).toEqual([1, 2]);
    const refusing = client(() => ESRCH);
    await expect((await refusing.opened).perform({ kind: 'updateService', service: http })).rejects.toThrow(
      'ESRCH',
    );
    expect(refusing.commands()).toEqual([2]);
  });

  test.each([ESRCH, ENOENT])('removing what is absent (errno %i) is a success', async (errno) => {
    const { opened } = client(() => errno);
    await (await opened).perform({ kind: 'removeService', service: http.service });
    await (await opened).perform({
      kind: 'removeDestination',
      service: http.service,
      address: address('10.0.0.11'),
      port: 80,
    });
  });

  test('an answer that is not understood is an error, not an empty table', async () => {
    const socket = kernel(() => true);
    const opened = await openIpvsClient({ open: socket.open, loadModule: noModprobe });
    socket.answer = ([message]) => [
      { type: ipvsFamily, flags: 2, seq: message?.seq ?? 0, data: Uint8Array.of(1, 1, 0, 0, 9, 9) },
      { type: 3, flags: 2, seq: message?.seq ?? 0, data: new Uint8Array(4) },
    ];
    await expect(opened.observe()).rejects.toThrow(
      'IPVS_CMD_GET_SERVICE: EBADMSG (the answer of the kernel is not understood)',
    );
  });
});

describe('many operations', () => {
  const many = (count: number): Operation[] =>
    Array.from({ length: count }, (_, index) => ({
      kind: 'removeDestination',
      service: http.service,
      address: address(`10.1.${Math.floor(index / 250)}.${(index % 250) + 1}`),
      port: 80,
    }));
  const opened = async (socket: FakeSocket) => {
    const client = await openIpvsClient({ open: socket.open, loadModule: noModprobe });
    socket.sent.length = 0;
    return client;
  };

  test('go a hundred at a time, in order, and only the last of each asks for an acknowledgement', async () => {
    const socket = kernel(() => true);
    socket.answer = acknowledgeLast(socket.answer);
    const client = await opened(socket);
    const errors = await client.performAll(many(230));
    expect(errors).toEqual(Array(230).fill(undefined));
    expect(socket.sent.map((messages) => messages.length)).toEqual([100, 100, 30]);
    const asking = socket.sent.map((messages) => messages.filter(({ flags }) => (flags & 4) !== 0).length);
    expect(asking).toEqual([1, 1, 1]);
    const seqs = socket.sent.flat().map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  test('are never more on the way than one datagram', async () => {
    const socket = kernel(() => true);
    const client = await opened(socket);
    socket.answer = () => [];
    const done = client.performAll(many(150));
    await new Promise((resolve) => setImmediate(resolve));
    expect(socket.sent).toHaveLength(1);
    socket.say([acknowledgement(socket.sent[0]?.at(-1)?.seq ?? 0)]);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(socket.sent).toHaveLength(2);
    socket.say([acknowledgement(socket.sent[1]?.at(-1)?.seq ?? 0)]);
    expect(await done).toHaveLength(150);
  });

  test('fail one by one: each refusal is that of its own operation', async () => {
    const socket = kernel(() => true);
    const client = await opened(socket);
    socket.answer = (messages) => [
      acknowledgement(messages[3]?.seq ?? 0, EPERM),
      acknowledgement(messages.at(-1)?.seq ?? 0),
    ];
    const errors = await client.performAll(many(10));
    expect(errors.map((error) => error?.message)).toEqual(
      Array.from({ length: 10 }, (_, index) =>
        index === 3
          ? 'IPVS_CMD_DEL_DEST 10.1.0.4:80 of 10.0.0.3:80/tcp: EPERM (this process may not: it needs CAP_NET_ADMIN)'
          : undefined,
      ),
    );
  });

  test('that find some there already update those', async () => {
    const destination = (host: string): Destination => ({
      address: address(host),
      port: 80,
      forwarding: 'DR',
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
    });
    const socket = kernel(() => true);
    const client = await opened(socket);
    socket.answer = (messages) =>
      messages.length === 3
        ? [acknowledgement(messages[1]?.seq ?? 0, EEXIST), acknowledgement(messages[2]?.seq ?? 0)]
        : [acknowledgement(messages.at(-1)?.seq ?? 0)];
    const operations = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map(
      (host): Operation => ({
        kind: 'createDestination',
        service: http.service,
        destination: destination(host),
      }),
    );
    expect(await client.performAll(operations)).toEqual([undefined, undefined, undefined]);
    expect(socket.sent.map((messages) => messages.map(commandOf))).toEqual([[5, 5, 5], [6]]);
  });

  test('fail all of a datagram when the socket overflows, and the next goes over a new one', async () => {
    const socket = kernel(() => true);
    const client = await opened(socket);
    const { answer } = socket;
    socket.answer = () => {
      queueMicrotask(() => socket.lose('ENOBUFS'));
      socket.answer = acknowledgeLast(answer);
      return [];
    };
    const errors = await client.performAll(many(130));
    expect(errors.slice(0, 100).every((error) => error?.message.includes('ENOBUFS'))).toBe(true);
    expect(errors.slice(100)).toEqual(Array(30).fill(undefined));
    expect(socket.opened).toBe(2);
  });
});

/** As the kernel does: requests that do not ask for an acknowledgement get none. */
function acknowledgeLast(answer: FakeSocket['answer']): FakeSocket['answer'] {
  return (messages) => answer(messages.slice(-1));
}
