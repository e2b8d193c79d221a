/**
 * A client, a director, a router and a real server, each in a network namespace, in a row. The real server knows no way to the
 * client: what it answers comes back only if it was asked by an address of the director's network behind it.
 *
 *     client 10.0.0.9 -- 10.0.0.5 director 10.1.0.5 -- 10.1.0.1 router 10.2.0.1 -- 10.2.0.8 server
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { inNamespace } from './namespace-fixture.ts';

export const virtualAddress = { 4: '10.0.0.3', 6: '2001:db8:0::3' } as const;
export const serverAddress = { 4: '10.2.0.8', 6: '2001:db8:2::8' } as const;
/** What the director's interface towards the real server has: the first comes with the interface. */
export const directorAddresses = {
  4: ['10.1.0.5', '10.1.0.6', '10.1.0.7', '10.1.0.20'],
  6: ['2001:db8:1::5', '2001:db8:1::6', '2001:db8:1::7', '2001:db8:1::20'],
} as const;
export const clientAddresses = {
  4: Array.from({ length: 16 }, (_, index) => `10.0.0.${100 + index}`),
  6: Array.from({ length: 16 }, (_, index) => `2001:db8::${100 + index}`),
} as const;

const owners = ['client', 'director', 'router', 'server'] as const;
export type Owner = (typeof owners)[number];

export interface RoutedNetwork {
  readonly namespaceOf: (owner: Owner) => string;
  readonly run: (owner: Owner, ...command: readonly string[]) => string;
  /** One connection from each address to the virtual one: the address that the server was asked by, or why there was none. */
  readonly ask: (family: 4 | 6, from: readonly string[], port?: number) => readonly string[];
  readonly remove: () => void;
}

let serial = 0;

/** The server listens on port 8080 when this returns. */
export async function createRoutedNetwork(): Promise<RoutedNetwork> {
  const prefix = `hf-fn-${process.pid}-${serial++}-`;
  const namespaceOf = (owner: Owner) => `${prefix}${owner}`;
  const batch = (namespace: readonly string[], lines: readonly string[]) =>
    execFileSync('ip', [...namespace, '-batch', '-'], { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
  batch(
    [],
    owners.map((owner) => `netns add ${namespaceOf(owner)}`),
  );
  const run = (owner: Owner, ...command: readonly string[]) => inNamespace(namespaceOf(owner), ...command);
  const removeNamespaces = () => {
    for (const owner of owners) execFileSync('ip', ['netns', 'del', namespaceOf(owner)]);
  };
  let server: ChildProcess;
  try {
    for (const owner of owners) {
      batch(
        ['-n', namespaceOf(owner)],
        linesOf(owner).map((line) => line.replace('NEXT', namespaceOf(after(owner)))),
      );
    }
    for (const owner of ['director', 'router'] as const) run(owner, 'sysctl', '-qw', ...forwarding);
    server = await startServer(namespaceOf('server'));
  } catch (error) {
    removeNamespaces();
    throw error;
  }
  return {
    namespaceOf,
    run,
    ask: (family, from, port = 80) =>
      run('client', 'node', '-e', askProgram, virtualAddress[family], String(port), ...from)
        .trim()
        .split('\n'),
    remove: () => {
      server.kill('SIGKILL');
      removeNamespaces();
    },
  };
}

const forwarding = ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'];

function after(owner: Owner): Owner {
  return owners[owners.indexOf(owner) + 1] ?? owner;
}

/** `right` is the interface towards the server, `left` the one towards the client. */
function linesOf(owner: Owner): readonly string[] {
  const addresses = (dev: string, ...list: readonly string[]) =>
    list.map((one) => `address add ${one} dev ${dev}${one.includes(':') ? ' nodad' : ''}`);
  const up = ['link set lo up', `link add right type veth peer name left netns NEXT`, 'link set right up'];
  switch (owner) {
    case 'client':
      return [
        ...up,
        ...addresses('right', '10.0.0.9/24', ...clientAddresses[4].map((one) => `${one}/24`)),
      ].concat(addresses('right', '2001:db8::9/64', ...clientAddresses[6].map((one) => `${one}/64`)));
    case 'director':
      return [
        ...up,
        'link set left up',
        ...addresses(
          'left',
          '10.0.0.5/24',
          `${virtualAddress[4]}/32`,
          '2001:db8::5/64',
          `${virtualAddress[6]}/128`,
        ),
        ...addresses('right', ...directorAddresses[4].map((one) => `${one}/24`)),
        ...addresses('right', ...directorAddresses[6].map((one) => `${one}/64`)),
        'route add 10.2.0.0/24 via 10.1.0.1',
        'route add 2001:db8:2::/64 via 2001:db8:1::1',
      ];
    case 'router':
      return [
        ...up,
        'link set left up',
        ...addresses('left', '10.1.0.1/24', '2001:db8:1::1/64'),
        ...addresses('right', '10.2.0.1/24', '2001:db8:2::1/64'),
      ];
    default:
      return [
        'link set lo up',
        'link set left up',
        ...addresses('left', `${serverAddress[4]}/24`, `${serverAddress[6]}/64`),
        'route add 10.1.0.0/24 via 10.2.0.1',
        'route add 2001:db8:1::/64 via 2001:db8:2::1',
      ];
  }
}

/** Says by which address it was asked, and closes. */
const serverProgram = `require('node:net').createServer((socket) => {
  socket.on('error', () => {});
  socket.end(socket.remoteAddress.replace('::ffff:', '') + '\\n');
}).listen(8080, '::', () => console.log('ready'))`;

async function startServer(namespace: string): Promise<ChildProcess> {
  const child = spawn('ip', ['netns', 'exec', namespace, 'node', '-e', serverProgram], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', () => reject(new Error('the real server has ended')));
  });
  return child;
}

/** One after the other, a second and a half each: without an answer by then there is no way back. */
const askProgram = `const net = require('node:net');
const [host, port, ...from] = process.argv.slice(1);
const ask = (localAddress) => new Promise((resolve) => {
  let text = '';
  const socket = net.connect({ host, port: Number(port), localAddress });
  const end = (answer) => { socket.destroy(); resolve(answer); };
  const timer = setTimeout(() => end('no answer'), 1500);
  socket.on('data', (data) => { text += data; });
  socket.on('error', (error) => { clearTimeout(timer); end(error.code); });
  socket.on('end', () => { clearTimeout(timer); end(text.trim()); });
});
(async () => { for (const one of from) console.log(await ask(one)); })();`;
