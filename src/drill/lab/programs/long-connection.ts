/** A connection that is kept open over whatever happens, with something said and answered every half second. */
import { connect } from 'node:net';
import type { LongConnectionSeen } from '../../observation.ts';
import { type Asked, type ProbeOptions, say } from './probe-lines.ts';

const everyMs = 500;
/** As long as a person looks at a page that does not move. */
const stalledAfterMs = 1500;
/** Longer than any takeover that is worth the name: TCP itself would try for a quarter of an hour. */
const lostAfterMs = 30_000;

export function keepConnection(service: Asked, options: ProbeOptions, number = 1): void {
  const { client } = options;
  const tell = (event: LongConnectionSeen['event'], error?: string): void => {
    const atMs = performance.timeOrigin + performance.now();
    const cause = error === undefined ? {} : { error };
    say({ kind: 'longConnection', client, service: service.name, number, event, atMs, ...cause });
  };
  const connection = connect({
    host: service.address,
    port: service.port,
    localAddress: service.sources[0] ?? '',
    noDelay: true,
  });
  let answeredAt = performance.now();
  let isOpen = false;
  let isStalled = false;
  const timer = setInterval(() => {
    const silentMs = performance.now() - answeredAt;
    if (silentMs > lostAfterMs) connection.destroy(new Error('no answer in 30 s'));
    else if (silentMs > stalledAfterMs && !isStalled && isOpen) {
      isStalled = true;
      tell('stalled');
    }
    if (isOpen && connection.writable) connection.write(question(service));
  }, everyMs);
  connection.on('connect', () => {
    isOpen = true;
    tell('opened');
  });
  connection.on('data', () => {
    answeredAt = performance.now();
    if (isStalled) tell('echoed');
    isStalled = false;
  });
  let cause: string | undefined;
  connection.on('error', (error) => {
    cause = error.message;
  });
  connection.on('close', () => {
    clearInterval(timer);
    if (isOpen) tell('lost', cause ?? 'the other end closed it');
    setTimeout(() => keepConnection(service, options, isOpen ? number + 1 : number), 1000);
  });
}

function question({ kind, path, address }: Asked): string {
  if (kind !== 'http') return kind === 'smtp' ? 'NOOP\r\n' : 'still there?\n';
  return `HEAD ${path ?? '/'} HTTP/1.1\r\nHost: ${address}\r\n\r\n`;
}
