/** Gratuitous ARP and unsolicited neighbour advertisements, sent as whole frames from the interface that holds the address. */
import type { VirtualAddress } from '../../config-parser/config.ts';
import { openPacketSocket, type PacketSocket } from '../../kernel/arp-socket.ts';
import type { LinkState } from '../../kernel/link-monitor.ts';
import { familyOf } from '../../net/address.ts';
import { encodeGratuitousArp } from '../../net/arp.ts';
import { encodeUnsolicitedNeighborAdvertisement } from '../../net/ndp.ts';

export class Announcer {
  readonly #sockets = new Map<number, PacketSocket>();
  readonly #frames = new WeakMap<VirtualAddress, { readonly mac: Uint8Array; readonly frame: Uint8Array }>();
  readonly #findLink: (interfaceName: string) => LinkState | undefined;

  constructor(findLink: (interfaceName: string) => LinkState | undefined) {
    this.#findLink = findLink;
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
        const error = this.#announceOne(address);
        if (error !== undefined) errors.push(error);
      }
    }
    return errors;
  }

  /** The interface is gone; one of the same name has another index and needs another socket. */
  forget(interfaceIndex: number): void {
    this.#sockets.get(interfaceIndex)?.close();
    this.#sockets.delete(interfaceIndex);
  }

  close(): void {
    for (const index of [...this.#sockets.keys()]) this.forget(index);
  }

  #announceOne(address: VirtualAddress): Error | undefined {
    const link = this.#findLink(address.interface);
    if (link === undefined || !link.hasArp || link.isLoopback) return undefined;
    try {
      this.#socketOf(link).send(this.#frameFor(address, link));
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Kept for each address while its interface's state stays the same object. */
  #frameFor(address: VirtualAddress, link: LinkState): Uint8Array {
    const known = this.#frames.get(address);
    if (known?.mac === link.mac) return known.frame;
    const frame = encodeFrame(address, link);
    this.#frames.set(address, { mac: link.mac, frame });
    return frame;
  }

  #socketOf(link: LinkState): PacketSocket {
    const open = this.#sockets.get(link.index);
    if (open !== undefined) return open;
    const socket = openPacketSocket({ interfaceName: link.name, interfaceIndex: link.index });
    this.#sockets.set(link.index, socket);
    return socket;
  }
}

function encodeFrame({ address }: VirtualAddress, link: LinkState): Uint8Array {
  return familyOf(address) === 4
    ? encodeGratuitousArp({ sourceMac: link.mac, address })
    : encodeUnsolicitedNeighborAdvertisement({ sourceMac: link.mac, address });
}
