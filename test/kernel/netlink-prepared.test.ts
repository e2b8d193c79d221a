import { expect, test } from 'vitest';
import { NetlinkConnection, type NetlinkRequest } from '../../src/kernel/netlink/index.ts';

/** A transport that keeps what it is given to send. */
function recording() {
  const sent: Uint8Array[] = [];
  const connection = new NetlinkConnection(() => ({
    port: 77,
    sendsAtOnce: true,
    send: (datagram) => sent.push(datagram),
    close: () => undefined,
  }));
  connection.open();
  return { connection, sent };
}

function request(lastByte: number): NetlinkRequest {
  return { type: 20, flags: 0, body: Uint8Array.of(1, 2, 3, lastByte), operation: 'RTM_NEWADDR' };
}

test('what was prepared is sent byte for byte as it would have been without', () => {
  const plain = recording();
  const prepared = recording();
  const requests = [request(4), request(5)];
  void plain.connection.perform(requests);
  prepared.connection.prepare(requests);
  void prepared.connection.perform([...requests]);
  expect(prepared.sent).toEqual(plain.sent);
});

test('something else than what was prepared is not sent in its place', () => {
  const { connection, sent } = recording();
  connection.prepare([request(4)]);
  void connection.perform([request(9)]);
  expect([...(sent[0] ?? [])].at(-1)).toBe(9);
});

test('what was prepared is sent once: a second time has sequence numbers of its own', () => {
  const { connection, sent } = recording();
  const requests = [request(4)];
  connection.prepare(requests);
  void connection.perform(requests);
  void connection.perform(requests);
  expect(sent[0]).not.toEqual(sent[1]);
});
