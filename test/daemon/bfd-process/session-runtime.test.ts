import { describe, expect, it } from 'vitest';
import { decodePacket } from '../../../src/bfd/index.ts';
import type { BfdInstanceConfig } from '../../../src/config-parser/config.ts';
import { SessionRuntime } from '../../../src/daemon/bfd-process/session-runtime.ts';
import type { BfdSenderOptions } from '../../../src/kernel/bfd-socket.ts';
import { address } from '../../../src/net/address.ts';
import { bfdConfig, ownDiscriminator, packetFrom } from '../../bfd/sessions.ts';

function setUp(changes: Partial<BfdInstanceConfig> = {}) {
  const world = {
    nowMs: 0,
    interfaceIndex: 0 as number | undefined,
    /** What opening and what sending are answered with. */
    openError: undefined as Error | undefined,
    sendError: undefined as Error | undefined,
    opened: [] as BfdSenderOptions[],
    states: [] as string[],
    hopLimits: [] as number[],
    closed: 0,
    log: [] as string[],
    readings: [] as boolean[],
  };
  const runtime = new SessionRuntime(
    bfdConfig(changes),
    { localDiscriminator: ownDiscriminator, seed: 1 },
    {
      nowMs: () => world.nowMs,
      interfaceOf: () => world.interfaceIndex,
      log: ({ message }) => world.log.push(message),
      reportReading: ({ isUp }) => world.readings.push(isUp),
      openSender: (options) => {
        if (world.openError !== undefined) throw world.openError;
        world.opened.push(options);
        return {
          sourcePort: 50_000,
          send: (payload) => {
            if (world.sendError !== undefined) throw world.sendError;
            const packet = decodePacket(payload);
            world.states.push(packet.ok ? packet.value.state : packet.error.reason);
          },
          setHopLimit: (hopLimit) => world.hopLimits.push(hopLimit),
          close: () => {
            world.closed += 1;
          },
        };
      },
    },
  );
  const hear = (state: 'Down' | 'Init' | 'Up') =>
    runtime.dispatch({ kind: 'packet', packet: packetFrom({ state }), hopLimit: 255 });
  return { world, runtime, hear };
}

function systemError(code: string): Error {
  return Object.assign(new Error(`send to 192.0.2.2: ${code}`), { code });
}

describe('what is told to those who track a session', () => {
  it('is up and down, and nothing between Down and Init', () => {
    const { world, hear } = setUp();
    hear('Down');
    expect(world.readings).toEqual([]);
    hear('Init');
    hear('Down');
    expect(world.readings).toEqual([true, false]);
  });

  it('is not that we ourselves stop', () => {
    const { world, runtime, hear } = setUp();
    hear('Down');
    hear('Init');
    runtime.dispatch({ kind: 'shutdown' });
    runtime.repeatShutdown();
    expect(world.readings).toEqual([true]);
    expect(world.states.slice(-2)).toEqual(['AdminDown', 'AdminDown']);
  });
});

describe('the socket that a session sends from', () => {
  it('is opened with the session’s ends, and with the port of a multihop session', () => {
    const { world } = setUp({ isMultihop: true, hopLimit: 200 });
    expect(world.opened).toEqual([
      {
        neighbor: '192.0.2.2',
        source: '192.0.2.1',
        interfaceIndex: 0,
        hopLimit: 200,
        port: 4784,
        firstChoice: ownDiscriminator,
      },
    ]);
  });

  it('gets another hop limit by a reload, and stays', () => {
    const { world, runtime } = setUp();
    runtime.reconfigure(bfdConfig({ hopLimit: 9 }));
    expect(world).toMatchObject({ hopLimits: [9], closed: 0 });
    runtime.reconfigure(bfdConfig({ hopLimit: 9, minTxMs: 20 }));
    expect(world.hopLimits).toEqual([9]);
  });

  it('that fails is logged once, and once more when it works again', () => {
    const { world, runtime } = setUp();
    world.sendError = systemError('ENETUNREACH');
    runtime.dispatch({ kind: 'timeout' }, 0);
    runtime.dispatch({ kind: 'timeout' }, 2000);
    expect(world.log).toEqual(['(B1) no packet can be sent: send to 192.0.2.2: ENETUNREACH']);
    expect(world.closed).toBe(0);
    world.sendError = undefined;
    runtime.dispatch({ kind: 'timeout' }, 4000);
    expect(world.log.at(-1)).toBe('(B1) packets can be sent again');
  });

  it('whose interface is gone is opened anew', () => {
    const { world, runtime } = setUp();
    world.sendError = systemError('ENODEV');
    runtime.dispatch({ kind: 'timeout' }, 0);
    expect(world.closed).toBe(1);
    world.sendError = undefined;
    runtime.openSender();
    expect(world.opened).toHaveLength(2);
    runtime.openSender();
    expect(world.opened).toHaveLength(2);
  });

  it('waits for the interface of a link-local neighbour, and says what is missing', () => {
    const { neighborAddress, sourceAddress: _, ...rest } = bfdConfig({ neighborAddress: address('fe80::2') });
    const { world, runtime } = setUp();
    world.interfaceIndex = undefined;
    runtime.close();
    runtime.config = { ...rest, neighborAddress };
    runtime.openSender();
    runtime.openSender();
    expect(world.log).toEqual([
      expect.stringMatching(/^\(B1\) no packet can be sent: .*fe80::2.*set source_ip/),
    ]);
    world.interfaceIndex = 7;
    runtime.openSender();
    expect(world.opened.at(-1)).toMatchObject({ interfaceIndex: 7 });
    expect(runtime.isOn(7)).toBe(true);
    expect(runtime.isOn(8)).toBe(false);
  });
});
