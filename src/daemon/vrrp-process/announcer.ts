/** Gratuitous ARP and unsolicited neighbour advertisements, sent as whole frames from the interface that holds the address. */
import { readFileSync } from 'node:fs';
import type { VirtualAddress } from '../../config-parser/config.ts';
import { openPacketSocket, type PacketSocket } from '../../kernel/arp-socket.ts';
import { nowMs } from '../../kernel/clock.ts';
import type { LinkState } from '../../kernel/link-monitor.ts';
import { familyOf } from '../../net/address.ts';
import { encodeGratuitousArp } from '../../net/arp.ts';
import { encodeUnsolicitedNeighborAdvertisement } from '../../net/ndp.ts';

/** The sysctl may be changed at any time, and nobody tells. */
const forwardingHoldsMs = 10_000;

interface Frame {
  readonly mac: Uint8Array;
  readonly isRouter: boolean;
  readonly bytes: Uint8Array;
}

interface Forwarding {
  readonly isOn: boolean;
  readonly readAtMs: number;
}

export class Announcer {
  readonly #sockets = new Map<number, PacketSocket>();
  readonly #forwarding = new Map<number, Forwarding>();
  readonly #frames = new WeakMap<VirtualAddress, Frame>();
  readonly #findLink: (interfaceName: string) => LinkState | undefined;
  readonly #readForwarding: (interfaceName: string) => boolean;

  constructor(
    findLink: (interfaceName: string) => LinkState | undefined,
    readForwarding: (interfaceName: string) => boolean = forwardsIpv6,
  ) {
    this.#findLink = findLink;
    this.#readForwarding = readForwarding;
  }

  /** Opens the interface's socket beforehand, so that the first announcement need not wait for it. */
  prepare(interfaceName: string): void {
    const link = this.#findLink(interfaceName);
    if (link !== undefined) this.#socketOf(link);
  }

  /** Encodes the frames that `announce` will send. */
  prepareFrames(addresses: readonly VirtualAddress[]): void {
    for (const address of addresses) {
      const link = this.#findLink(address.interface);
      if (link !== undefined) this.#frameFor(address, link);
    }
  }

  /** Returns what could not be sent; an interface without ARP (point-to-point) announces nothing. */
  announce(addresses: readonly VirtualAddress[], repeat: number): readonly Error[] {
    const errors: Error[] = [];
    for (let round = 0; round < repeat; round += 1) {
      for (const address of addresses) {
        const link = this.#findLink(address.interface);
        const error = link && this.#send(link, () => this.#frameFor(address, link));
        if (error !== undefined) errors.push(error);
      }
    }
    return errors;
  }

  /**
   * Says once on another interface, with that one's own MAC address, that the addresses are there (keepalived.conf(5):
   * garp_extra_if). Returns what could not be sent; an interface that is missing or has no ARP announces nothing.
   */
  announceOn(interfaceName: string, addresses: readonly VirtualAddress[]): readonly Error[] {
    const link = this.#findLink(interfaceName);
    if (link === undefined) return [];
    const errors = addresses.map((address) =>
      this.#send(link, () => encodeFrame(address, link, this.#isRouter(address, link))),
    );
    return errors.filter((error) => error !== undefined);
  }

  /** The interface is gone; one of the same name has another index and needs another socket. */
  forget(interfaceIndex: number): void {
    this.#sockets.get(interfaceIndex)?.close();
    this.#sockets.delete(interfaceIndex);
    this.#forwarding.delete(interfaceIndex);
  }

  close(): void {
    for (const index of [...this.#sockets.keys()]) this.forget(index);
  }

  #send(link: LinkState, frame: () => Uint8Array): Error | undefined {
    if (!link.hasArp || link.isLoopback) return undefined;
    try {
      this.#socketOf(link).send(frame());
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Kept for each address while its interface's MAC address stays the same object. */
  #frameFor(address: VirtualAddress, link: LinkState): Uint8Array {
    const known = this.#frames.get(address);
    const isRouter = this.#isRouter(address, link);
    if (known?.mac === link.mac && known.isRouter === isRouter) return known.bytes;
    const bytes = encodeFrame(address, link, isRouter);
    this.#frames.set(address, { mac: link.mac, isRouter, bytes });
    return bytes;
  }

  #isRouter({ address }: VirtualAddress, link: LinkState): boolean {
    if (familyOf(address) === 4) return false;
    const known = this.#forwarding.get(link.index);
    const now = nowMs();
    if (known !== undefined && now - known.readAtMs < forwardingHoldsMs) return known.isOn;
    const isOn = this.#readForwarding(link.name);
    this.#forwarding.set(link.index, { isOn, readAtMs: now });
    return isOn;
  }

  #socketOf(link: LinkState): PacketSocket {
    const open = this.#sockets.get(link.index);
    if (open !== undefined) return open;
    const socket = openPacketSocket({ interfaceName: link.name, interfaceIndex: link.index });
    this.#sockets.set(link.index, socket);
    return socket;
  }
}

function encodeFrame({ address }: VirtualAddress, link: LinkState, isRouter: boolean): Uint8Array {
  return familyOf(address) === 4
    ? encodeGratuitousArp({ sourceMac: link.mac, address })
    : encodeUnsolicitedNeighborAdvertisement({ sourceMac: link.mac, address, isRouter });
}

/** False too where there is no IPv6, or the interface is gone. */
function forwardsIpv6(interfaceName: string): boolean {
  try {
    return readFileSync(`/proc/sys/net/ipv6/conf/${interfaceName}/forwarding`, 'latin1').trim() !== '0';
  } catch {
    return false;
  }
}
