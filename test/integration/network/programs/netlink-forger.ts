/** Sends every netlink port in use an RTM_NEWLINK for an interface that does not exist, as any root process can. */
import { readFileSync } from 'node:fs';
import { RawNetlinkSocket } from 'netlink/dist/raw.js';
import { attributeText, concatenate } from '../../../../src/ipvs-sync/attributes.ts';
import { encodeMessages } from '../../../../src/kernel/netlink/message.ts';
import { onCommand, say } from './lines.ts';

const link = new Uint8Array(16);
new DataView(link.buffer).setInt32(4, 4242, true);
const data = concatenate([link, attributeText(3, 'forged0')]);
const datagram = encodeMessages([{ type: 16, flags: 0, seq: 0, port: 0, data }]);

const socket = new RawNetlinkSocket(0, { recvBufferSize: 0, sendBufferSize: 0 });
/** proc(5): the columns of /proc/net/netlink are address, protocol, port, … */
const ports = readFileSync('/proc/net/netlink', 'utf8')
  .split('\n')
  .slice(1)
  .map((line) => line.trim().split(/\s+/))
  .filter((columns) => columns[1] === '0' && columns[2] !== '0')
  .map((columns) => Number(columns[2]));
let answered = 0;
for (const port of ports) {
  socket.send(datagram, { port }, () => {
    answered += 1;
    if (answered === ports.length) say({ kind: 'sent', ports });
  });
}
onCommand(() => undefined);
