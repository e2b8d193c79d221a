/**
 * A process on a director that answers the client with the director's name: UDP datagrams to the virtual address, and one line
 * for each TCP connection. Arguments: the name, the virtual address, the port. Says "ready" when it listens.
 */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const [name = '', virtualAddress = '', portText = ''] = process.argv.slice(2);
const port = Number(portText);
const longBacklog = 4096;

// Bound to the virtual address, also while this host does not have it: the answer must come from there.
const datagrams = createSocket('udp4');
datagrams.on('message', (_message, from) => datagrams.send(name, from.port, from.address));
datagrams.bind(port, virtualAddress, () => {
  server.listen({ port, host: '0.0.0.0', backlog: longBacklog }, () => process.stdout.write('ready\n'));
});

const server = createServer({ noDelay: true }, (socket) => {
  socket.once('data', () => socket.end(`${name}\n`));
  socket.on('error', () => socket.destroy());
});
