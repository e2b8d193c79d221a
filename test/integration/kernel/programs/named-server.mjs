// A real server: on each port it tells its name and the address that it was asked from, over TCP and UDP.
// Arguments: its name, the ports, and with `--as ADDRESS PORT` where it answers datagrams as that address.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const [name, ...rest] = process.argv.slice(2);
const plain = (address) => address.replace(/^::ffff:/, '');
const numbers = [];
const places = [];
while (rest.length > 0) {
  const word = rest.shift();
  if (word === '--as') places.push([rest.shift(), Number(rest.shift())]);
  else numbers.push(Number(word));
}
for (const port of numbers) {
  createServer((socket) => {
    socket.on('error', () => {});
    // Asked for nothing it stays open: a long connection.
    socket.on('data', (data) => {
      if (data.includes('name')) socket.end(`${name} ${plain(socket.remoteAddress ?? '')}\n`);
      else socket.write(data);
    });
  }).listen(port, '::');
  answerDatagrams('::', port);
}
// A datagram to a virtual address must be answered as that address, which a socket for all addresses would not.
for (const [address, port] of places) answerDatagrams(address, port);
process.stdout.write('ready\n');

function answerDatagrams(host, port) {
  // The socket for all addresses has the port already.
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', reuseAddr: true });
  socket.on('message', (_, { port: to, address }) => socket.send(`${name} ${plain(address)}`, to, address));
  socket.bind(port, host);
}
