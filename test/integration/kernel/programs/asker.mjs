// The client: reads lines of JSON { id, host, port, times, every?, from? } and answers each with the answers it got, in order.
// `every` (ms) asks at that pace until the line { id, stop: true }, and then tells how many were asked and what failed.
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const limitMs = 5000;
const running = new Map();

createInterface({ input: process.stdin }).on('line', async (text) => {
  const line = JSON.parse(text);
  if (line.stop) {
    const run = running.get(line.id);
    clearInterval(run.timer);
    await Promise.allSettled(run.open);
    say({ id: line.id, asked: run.asked, failed: run.failed, servers: [...run.servers] });
  } else if (line.every !== undefined) keepAsking(line);
  else {
    const answers = [];
    for (let time = 0; time < line.times; time += 1)
      answers.push(await ask(line).catch((error) => `failed: ${error.message}`));
    say({ id: line.id, answers });
  }
});
process.stdout.write('ready\n');

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function keepAsking(line) {
  const run = { asked: 0, failed: [], servers: new Set(), open: new Set(), timer: undefined };
  running.set(line.id, run);
  run.timer = setInterval(() => {
    run.asked += 1;
    const atMs = Date.now();
    const one = ask(line).then(
      (answer) => run.servers.add(answer.split(' ')[0]),
      (error) => run.failed.push(`${error.message} (asked ${Date.now() - atMs} ms before)`),
    );
    run.open.add(one);
    one.finally(() => run.open.delete(one));
  }, line.every);
}

function ask(line) {
  return line.protocol === 'UDP' ? askByDatagram(line) : askByStream(line);
}

function askByStream({ host, port, from }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, autoSelectFamily: false, ...(from && { localAddress: from }) });
    let text = '';
    const limit = setTimeout(() => socket.destroy(new Error('no answer')), limitMs);
    socket.on('connect', () => socket.write('name\n'));
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(limit);
      if (text === '') reject(new Error('closed without an answer'));
      else resolve(text.trim());
    });
  });
}

function askByDatagram({ host, port }) {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const limit = setTimeout(() => end(() => reject(new Error('no answer'))), limitMs);
    const end = (then) => {
      clearTimeout(limit);
      socket.close();
      then();
    };
    socket.on('message', (data) => end(() => resolve(data.toString())));
    socket.on('error', (error) => end(() => reject(error)));
    socket.connect(port, host, () => socket.send('name\n'));
  });
}
