import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVethPair, inNamespace, Program, type VethPair } from './namespace-fixture.ts';

/** A gratuitous ARP request of 00:00:5e:00:01:07 for 192.0.2.10. */
const frame = [
  'ffffffffffff00005e000107',
  '0806',
  '00010800060400010000',
  '5e000107c000020a',
  '000000000000c000020a',
].join('');

let pair: VethPair;
const programs: Program[] = [];

beforeEach(() => {
  pair = createVethPair();
});

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.stop()));
  pair.remove();
});

async function frames(namespace: string, prefix: readonly string[] = []): Promise<Program> {
  const interfaceIndex = Number(inNamespace(namespace, 'cat', '/sys/class/net/veth0/ifindex'));
  const args = { interfaceName: 'veth0', interfaceIndex };
  const program = new Program(namespace, 'frames.ts', { args, prefix });
  programs.push(program);
  await program.line('ready');
  return program;
}

function neighbour(namespace: string, host: string): string {
  return inNamespace(namespace, 'ip', 'neigh', 'show', host, 'dev', 'veth0');
}

describe('the packet socket', () => {
  it('puts a frame on the link as it is', async () => {
    const [left, right] = [await frames(pair.left), await frames(pair.right)];
    left.send({ kind: 'send', frame });
    expect((await right.line('frame'))['frame']).toBe(frame);
  });

  it('moves a neighbour to another link-layer address by gratuitous ARP', async () => {
    const [left, right] = [await frames(pair.left), await frames(pair.right)];
    inNamespace(
      pair.right,
      ...'ip neigh add 192.0.2.10 lladdr 02:00:00:00:00:01 nud stale dev veth0'.split(' '),
    );
    left.send({ kind: 'send', frame });
    await right.line('frame');
    expect(neighbour(pair.right, '192.0.2.10')).toContain('00:00:5e:00:01:07');
  });

  it('says ENETDOWN with the interface while the link is down, and sends again when it is up', async () => {
    const [left, right] = [await frames(pair.left), await frames(pair.right)];
    inNamespace(pair.left, 'ip', 'link', 'set', 'veth0', 'down');
    left.send({ kind: 'send', frame });
    expect(await left.line('failed')).toMatchObject({
      message: 'send a frame on veth0: ENETDOWN network is down',
      code: 'ENETDOWN',
      syscall: 'sendmsg',
    });
    inNamespace(pair.left, 'ip', 'link', 'set', 'veth0', 'up');
    left.send({ kind: 'send', frame });
    await left.line('sent');
    expect((await right.line('frame'))['frame']).toBe(frame);
  });

  it('says ENXIO when the interface is gone', async () => {
    const left = await frames(pair.left);
    inNamespace(pair.left, 'ip', 'link', 'del', 'veth0');
    left.send({ kind: 'send', frame });
    expect(await left.line('failed')).toMatchObject({ code: 'ENXIO' });
  });
});

describe('a receiving packet socket', () => {
  it('reports the link going down once as an error event, and receives again afterwards', async () => {
    const [left, right] = [await frames(pair.left), await frames(pair.right)];
    inNamespace(pair.right, 'ip', 'link', 'set', 'veth0', 'down');
    expect(await right.line('error')).toMatchObject({
      message: 'receive: ENETDOWN network is down',
      code: 'ENETDOWN',
      errno: -100,
    });
    inNamespace(pair.right, 'ip', 'link', 'set', 'veth0', 'up');
    left.send({ kind: 'send', frame });
    expect((await right.line('frame'))['frame']).toBe(frame);
    expect(right.lines('error')).toHaveLength(1);
  });
});
