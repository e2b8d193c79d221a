/**
 * Adds and removes addresses through rtnetlink. The requests are in the kernel's hands before a call returns its promise,
 * also when several calls fall into one turn of the event loop: the gratuitous ARP that follows must find the addresses
 * in place. An address that is there already is adopted, never removed and added.
 */
import type { VirtualAddress } from '../config-parser/config.ts';
import * as constants from './netlink/constants.ts';
import { ConnectionPool, NetlinkError, type NetlinkRequest } from './netlink/index.ts';
import {
  decodeAddress,
  encodeDeleteAddress,
  encodeDumpEverything,
  encodeNewAddress,
  type InterfaceAddress,
  keptPrefixLength,
} from './netlink/route-codec.ts';

export { keptPrefixLength } from './netlink/route-codec.ts';

export interface AddressTarget {
  readonly interfaceIndex: number;
  readonly address: VirtualAddress;
}

export interface AddressResult {
  readonly address: VirtualAddress;
  /** Undefined when the address is now as asked: on the interface, or not. */
  readonly error?: NetlinkError;
  /** It was there before; for a removal, it was not. */
  readonly alreadySo: boolean;
  /** How an adopted address differs from the configured one, as a sentence. */
  readonly note?: string;
}

export interface AddressClient {
  /** One result an address, in order. Never rejects. */
  addAddresses(list: readonly AddressTarget[]): Promise<readonly AddressResult[]>;
  /** As addAddresses. */
  removeAddresses(list: readonly AddressTarget[]): Promise<readonly AddressResult[]>;
  /** Encodes what `addAddresses` of the same list will then only send. */
  prepare(list: readonly AddressTarget[]): void;
  close(): void;
}

/** Throws when no netlink socket can be opened. */
export function openAddressClient(): AddressClient {
  return new RtnetlinkAddressClient();
}

class RtnetlinkAddressClient implements AddressClient {
  readonly #connections = new ConnectionPool();
  readonly #requests = new WeakMap<
    VirtualAddress,
    { readonly interfaceIndex: number; readonly request: NetlinkRequest }
  >();

  async addAddresses(list: readonly AddressTarget[]): Promise<readonly AddressResult[]> {
    const errors = await this.#connections.perform(list.map((target) => this.#addRequest(target)));
    const adopted = list.filter((_, index) => errors[index]?.code === 'EEXIST');
    const existing = adopted.length === 0 ? [] : await this.#existing();
    return list.map((target, index) => addResult(target, errors[index], existing));
  }

  async removeAddresses(list: readonly AddressTarget[]): Promise<readonly AddressResult[]> {
    const errors = await this.#connections.perform(list.map(removeRequest));
    return list.map(({ address }, index) => {
      const error = errors[index];
      // EADDRNOTAVAIL: not on that interface; ENODEV: the interface is gone and its addresses with it.
      const alreadySo = error?.code === 'EADDRNOTAVAIL' || error?.code === 'ENODEV';
      return error === undefined || alreadySo ? { address, alreadySo } : { address, alreadySo, error };
    });
  }

  prepare(list: readonly AddressTarget[]): void {
    this.#connections.prepare(list.map((target) => this.#addRequest(target)));
  }

  close(): void {
    this.#connections.close();
  }

  /** Kept for each address, so that a takeover finds it encoded. */
  #addRequest(target: AddressTarget): NetlinkRequest {
    const known = this.#requests.get(target.address);
    if (known?.interfaceIndex === target.interfaceIndex) return known.request;
    const request = addRequest(target);
    this.#requests.set(target.address, { interfaceIndex: target.interfaceIndex, request });
    return request;
  }

  /** For the notes on adopted addresses only: without an answer there are none. */
  async #existing(): Promise<readonly { interfaceIndex: number; address: InterfaceAddress }[]> {
    const request: NetlinkRequest = {
      type: constants.RTM_GETADDR,
      flags: constants.NLM_F_DUMP,
      body: encodeDumpEverything(),
      operation: 'RTM_GETADDR',
    };
    try {
      const messages = await this.#connections.free().query(request);
      return messages.flatMap(({ data }) => decodeAddress(data) ?? []);
    } catch (error) {
      if (error instanceof NetlinkError) return [];
      throw error;
    }
  }
}

function addRequest({ interfaceIndex, address }: AddressTarget): NetlinkRequest {
  return {
    type: constants.RTM_NEWADDR,
    flags: constants.NLM_F_CREATE | constants.NLM_F_EXCL,
    body: encodeNewAddress(interfaceIndex, address),
    operation: `RTM_NEWADDR ${describe(interfaceIndex, address)}`,
  };
}

function removeRequest({ interfaceIndex, address }: AddressTarget): NetlinkRequest {
  return {
    type: constants.RTM_DELADDR,
    flags: 0,
    body: encodeDeleteAddress(interfaceIndex, address),
    operation: `RTM_DELADDR ${describe(interfaceIndex, address)}`,
  };
}

function describe(interfaceIndex: number, address: VirtualAddress): string {
  return `${address.address}/${address.prefixLength} on ${address.interface} (interface ${interfaceIndex})`;
}

function addResult(
  { interfaceIndex, address }: AddressTarget,
  error: NetlinkError | undefined,
  existing: readonly { interfaceIndex: number; address: InterfaceAddress }[],
): AddressResult {
  if (error === undefined) return { address, alreadySo: false };
  if (error.code !== 'EEXIST') return { address, alreadySo: false, error };
  const candidates = existing.filter(
    (one) => one.interfaceIndex === interfaceIndex && one.address.address === address.address,
  );
  const prefixLength = keptPrefixLength(address);
  const found = candidates.find((one) => one.address.prefixLength === prefixLength) ?? candidates[0];
  const note = found && adoptionNote(address, found.address);
  return { address, alreadySo: true, ...(note === undefined ? {} : { note }) };
}

/** What the kernel keeps of an adopted address although the configuration says otherwise. */
function adoptionNote(wanted: VirtualAddress, found: InterfaceAddress): string | undefined {
  const differences = [
    difference('prefix length', found.prefixLength, keptPrefixLength(wanted)),
    difference('scope', found.scope, wanted.scope),
    // Without a label of its own an IPv4 address has its interface's name.
    found.label === undefined
      ? undefined
      : difference('label', found.label, wanted.label ?? wanted.interface),
    wanted.broadcast === undefined
      ? undefined
      : difference('broadcast', found.broadcast ?? 'none', wanted.broadcast),
  ].filter((text) => text !== undefined);
  if (differences.length === 0) return undefined;
  return `${wanted.address} was on ${wanted.interface} already and stays as it is: ${differences.join(', ')}`;
}

function difference(what: string, found: string | number, wanted: string | number): string | undefined {
  return found === wanted ? undefined : `${what} ${found} where the configuration says ${wanted}`;
}
