/** Sends and receives whole Ethernet frames. Commands: send (frame in hex). Says frames, errors and failures. */
import { openPacketSocket, type PacketSocket } from '../../../../src/kernel/arp-socket.ts';
import { DatagramSocket } from '../../../../src/kernel/datagram-socket.ts';
import { linkSocketAddress } from '../../../../src/kernel/socket-address.ts';
import { AF_PACKET, SOCK_RAW } from '../../../../src/kernel/socket-constants.ts';
import { failure, onCommand, programArguments, say } from './lines.ts';

const options = programArguments<{ interfaceName: string; interfaceIndex: number }>();
const arp = 0x0806;
let sender: PacketSocket;

const receiver = new DatagramSocket({ family: AF_PACKET, type: SOCK_RAW, protocol: 0 });
receiver.bind(linkSocketAddress(options.interfaceIndex, arp), `listen for ARP on ${options.interfaceName}`);
receiver.on('message', (frame) => say({ kind: 'frame', frame: frame.toString('hex') }));
receiver.on('error', (error) => say({ ...failure(error), kind: 'error' }));

try {
  sender = openPacketSocket(options);
  say({ kind: 'ready' });
} catch (error) {
  say(failure(error));
}

onCommand((command) => {
  try {
    sender.send(Buffer.from(String(command['frame']), 'hex'));
    say({ kind: 'sent' });
  } catch (error) {
    say(failure(error));
  }
});
