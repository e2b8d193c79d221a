/**
 * What UDP_CHECK and PING_CHECK ask: a UDP echo on port 7007, and answers to echo requests in place of the kernel's. `answer` says
 * how: from the asked address, from another, or with other data.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { DatagramSocket } from '../../../../src/kernel/datagram-socket.ts';
import { ipv4SocketAddress } from '../../../../src/kernel/socket-address.ts';
import { AF_INET, SOCK_RAW } from '../../../../src/kernel/socket-constants.ts';
import { address, addressFromBytes, type IpAddress } from '../../../../src/net/address.ts';
import { internetChecksum } from '../../../../src/net/checksum.ts';
import { onCommand, say } from './lines.ts';

const echoPort = 7007;
const icmp = 1;
const ipv4HeaderBytes = 20;
let answers: 'nothing' | 'honestly' | 'fromElsewhere' | 'otherData' = 'nothing';

function rawSocket(host: string): DatagramSocket {
  const socket = new DatagramSocket({ family: AF_INET, type: SOCK_RAW, protocol: icmp });
  socket.bind(ipv4SocketAddress(address(host)));
  return socket;
}

const asked = rawSocket('192.0.2.2');
const elsewhere = rawSocket('192.0.2.3');

asked.on('message', (packet) => {
  const request = Uint8Array.from(packet.subarray(ipv4HeaderBytes));
  if (request[0] !== 8 || answers === 'nothing') return;
  reply(addressFromBytes(packet.subarray(12, 16)), request);
});

function reply(to: IpAddress, message: Uint8Array): void {
  message[0] = 0;
  if (answers === 'otherData') message[9] = (message[9] ?? 0) ^ 1;
  const view = new DataView(message.buffer);
  view.setUint16(2, 0);
  view.setUint16(2, internetChecksum(message));
  const socket = answers === 'fromElsewhere' ? elsewhere : asked;
  socket.send(message, ipv4SocketAddress(to));
  say({ kind: 'answered' });
}

const echo = createSocket({ type: 'udp6', ipv6Only: false });
echo.on('message', (payload, from) => echo.send(payload, from.port, from.address));
echo.bind(echoPort);
await once(echo, 'listening');

onCommand((command) => {
  answers = command['how'] as typeof answers;
  say({ kind: 'answers', how: answers });
});
say({ kind: 'ready' });
