/**
 * Goes the way to Master many times before it is needed, with the real code and to nowhere: the first takeover is also the first
 * time that this code runs, and code that was never run costs a good part of a millisecond, just when it matters.
 */
import { setImmediate } from 'node:timers/promises';
import type { VirtualAddress, VrrpInstanceConfig } from '../../config-parser/config.ts';
import { noNotifications } from '../../config-parser/config-notify.ts';
import { DatagramSocket } from '../../kernel/datagram-socket.ts';
import type { LinkMonitor, LinkState } from '../../kernel/link-monitor.ts';
import { openRouteClient } from '../../kernel/route-client.ts';
import { type AddressClient, openAddressClient } from '../../kernel/rtnetlink.ts';
import { AF_UNIX, SOCK_DGRAM } from '../../kernel/socket-constants.ts';
import { address, type IpAddress } from '../../net/address.ts';
import { advertisementOf, type Datagram, encodeAdvertisement } from '../../vrrp/index.ts';
import { ChildLog } from '../child-log.ts';
import type { AdvertisementPort, SocketPlace } from './advertisement-sockets.ts';
import { Announcements } from './announcements.ts';
import { Announcer } from './announcer.ts';
import { EffectPerformer } from './effects.ts';
import { InstanceRuntime, type InstanceServices } from './instance-runtime.ts';

/** Enough for the compilers to have seen it; well under a tenth of a second. */
const rounds = 60;

/** Interface 0 does not exist: the kernel refuses every address and every frame for it, and nothing changes. */
const nowhere = 'warm-up';

const group = address('224.0.0.18');
const source = address('192.0.2.1');
const peer = address('192.0.2.2');
const virtualAddress: VirtualAddress = {
  address: address('192.0.2.3'),
  prefixLength: 24,
  interface: nowhere,
  scope: 0,
};

const config: VrrpInstanceConfig = {
  name: nowhere,
  initialState: 'BACKUP',
  interface: nowhere,
  family: 4,
  version: 2,
  vrid: 1,
  basePriority: 100,
  advertisementIntervalMs: 1000,
  authentication: { type: 'PASS', password: nowhere },
  transport: { kind: 'multicast', group },
  trackSourceAddress: false,
  v3ChecksumAsV2: false,
  oldUnicastChecksum: 'auto',
  useVmacAddr: false,
  virtualAddresses: [virtualAddress],
  excludedAddresses: [],
  virtualRoutes: [],
  virtualRules: [],
  promoteSecondaries: false,
  acceptMode: true,
  isStrict: false,
  preempt: true,
  preemptDelayMs: 0,
  downTimerAdverts: 3,
  gratuitousArp: {
    masterDelayMs: 5000,
    masterRepeat: 5,
    masterRefreshMs: 0,
    masterRefreshRepeat: 1,
    lowerPrioDelayMs: 5000,
    lowerPrioRepeat: 5,
    extraInterfaceMs: 0,
    extraInterfaceAll: false,
  },
  lowerPrioNoAdvert: false,
  higherPrioSendAdvert: false,
  ownerIgnoreAdverts: false,
  skipCheckAdvAddr: false,
  dontTrackPrimary: false,
  tracking: { interfaces: [], scripts: [], files: [], processes: [], bfds: [] },
  notify: noNotifications,
};

const link: LinkState = {
  index: 0,
  name: nowhere,
  mac: new Uint8Array(6),
  mtu: 1500,
  isUp: true,
  isRunning: true,
  supportsMulticast: true,
  isLoopback: false,
  hasArp: true,
  addresses: [],
};

const place: SocketPlace = {
  kind: 'multicast',
  interface: { name: nowhere, index: 0 },
  group,
  source,
  authenticationHeader: false,
};

const links: ReadonlyMap<string, LinkState> = new Map([[nowhere, link]]);
const monitor: LinkMonitor = {
  links: () => links,
  resynchronise: async () => undefined,
  close: () => undefined,
};

/** Costs two netlink sockets and a packet socket that never say anything to anybody. */
export class Rehearsal {
  readonly #addresses: AddressClient = openAddressClient();
  readonly #routes = openRouteClient();
  readonly #announcer = new Announcer((name) => links.get(name));
  readonly #socket = new DatagramSocket({
    family: AF_UNIX,
    type: SOCK_DGRAM,
    protocol: 0,
    maxDatagramBytes: 2048,
  });
  readonly #port: AdvertisementPort;
  readonly #performer: EffectPerformer;

  constructor() {
    const log = new ChildLog((_message, sent) => sent());
    this.#performer = new EffectPerformer({
      addresses: this.#addresses,
      routes: this.#routes,
      announcer: this.#announcer,
      announcements: new Announcements(this.#announcer, () => undefined),
      monitor,
      log,
      isHeldByAnother: () => false,
    });
    this.#port = selfAddressed(this.#socket);
  }

  /** At start, so that nothing on the way is run for the first time when it matters. */
  async warmUp(): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      wholeLife({ port: this.#port, performer: this.#performer });
      this.#socket.receivePending();
      await setImmediate();
    }
    await this.#performer.settled();
  }

  /** Once, just before it matters: after seconds of doing nothing the processor's caches hold something else. */
  run(): void {
    takeOver({ port: this.#port, performer: this.#performer });
  }

  close(): void {
    this.#socket.close();
    this.#announcer.close();
    this.#addresses.close();
    this.#routes.close();
  }
}

/** A port whose packets come back to the same process. */
function selfAddressed(socket: DatagramSocket): AdvertisementPort {
  // An address of the family alone: the kernel gives the socket a name of its own.
  socket.bind(Uint8Array.of(AF_UNIX, 0));
  const self = socket.localAddress();
  return { place, send: (payload) => socket.send(payload, self), close: () => undefined };
}

interface Stage {
  readonly port: AdvertisementPort;
  readonly performer: EffectPerformer;
}

/** Backup, Master for three timeouts, and the end. */
function wholeLife(stage: Stage): void {
  const runtime = startedBackup(stage);
  runtime.dispatch({ kind: 'packet', datagram: advertisementFrom(peer) }, 100);
  for (let timeouts = 0; timeouts < 3; timeouts += 1) {
    const dueMs = runtime.nextTimeoutMs ?? 0;
    stage.performer.prepare(runtime, runtime.prepareTimeout(dueMs));
    runtime.timeout(dueMs);
  }
  runtime.stop(true);
}

function takeOver(stage: Stage): void {
  const runtime = startedBackup(stage);
  runtime.timeout(runtime.nextTimeoutMs ?? 0);
}

function startedBackup({ port, performer }: Stage): InstanceRuntime {
  const services: InstanceServices = {
    nowMs: () => 0,
    join: () => port,
    perform: (runtime, effect) => performer.perform(runtime, effect),
    socketRefused: () => undefined,
    stepped: () => undefined,
  };
  const runtime = new InstanceRuntime(config, services);
  runtime.look({ faults: [], weight: 0, sourceAddress: source }, place);
  runtime.face([]);
  return runtime;
}

function advertisementFrom(sender: IpAddress): Datagram {
  const path = { source: sender, destination: group };
  return { ...path, hopLimit: 255, payload: encodeAdvertisement(advertisementOf(config, 200), path) };
}
