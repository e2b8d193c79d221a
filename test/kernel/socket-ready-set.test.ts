import { afterEach, describe, expect, it } from 'vitest';
import { DatagramSocket } from '../../src/kernel/datagram-socket.ts';
import { ipv4SocketAddress } from '../../src/kernel/socket-address.ts';
import { AF_INET, SOCK_DGRAM } from '../../src/kernel/socket-constants.ts';
import { ReadySet } from '../../src/kernel/socket-ready-set.ts';
import { address } from '../../src/net/address.ts';

const sockets: DatagramSocket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

function udp(): DatagramSocket {
  const socket = new DatagramSocket({ family: AF_INET, type: SOCK_DGRAM, protocol: 0 });
  socket.bind(ipv4SocketAddress(address('127.0.0.1')));
  sockets.push(socket);
  return socket;
}

function setOf(...members: readonly DatagramSocket[]): ReadySet<DatagramSocket> {
  const set = new ReadySet<DatagramSocket>();
  for (const member of members) set.add(member);
  return set;
}

describe('a ready set', () => {
  it('tells the sockets that something waits in, until it is read', () => {
    const [quiet, first, second] = [udp(), udp(), udp()];
    const set = setOf(quiet, first, second);
    expect(set.readable()).toEqual([]);
    for (const target of [first, second]) quiet.send(Buffer.from('x'), target.localAddress());
    expect(new Set(set.readable())).toEqual(new Set([first, second]));
    first.receivePending();
    expect(set.readable()).toEqual([second]);
  });

  it('forgets a socket that is closed, also when another one gets its descriptor', () => {
    const [sender, closed] = [udp(), udp()];
    const set = setOf(closed);
    const { descriptor } = closed;
    closed.close();
    set.remove(closed);
    const successor = udp();
    expect(successor.descriptor).toBe(descriptor);
    sender.send(Buffer.from('x'), successor.localAddress());
    expect(set.readable()).toEqual([]);
    set.add(successor);
    expect(set.readable()).toEqual([successor]);
  });

  it('refuses a socket that is closed', () => {
    const closed = udp();
    closed.close();
    expect(() => setOf(closed)).toThrow('it has been closed');
  });
});
