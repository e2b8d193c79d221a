/**
 * What identifies a service and a real server, as text: the key of maps and sets, and the words of messages.
 */
import type { VirtualService } from '../config-parser/config.ts';
import { familyOf, type IpAddress } from '../net/address.ts';
import type { Operation } from './model.ts';

declare const serviceKeyBrand: unique symbol;
/** `10.0.0.3:80/tcp`, `[2001:db8::3]:80/udp` or `fwmark 7/ipv4`. Two services are the same to the kernel when equal. */
export type ServiceKey = string & { readonly [serviceKeyBrand]: true };

declare const serverKeyBrand: unique symbol;
/** `10.0.0.11:80`: what identifies a destination inside its service. */
export type ServerKey = string & { readonly [serverKeyBrand]: true };

export function serviceKey(service: VirtualService): ServiceKey {
  if (service.kind === 'fwmark') return `fwmark ${service.mark}/ipv${service.family}` as ServiceKey;
  return `${endpoint(service.address, service.port)}/${service.protocol.toLowerCase()}` as ServiceKey;
}

export function serverKey(server: { readonly address: IpAddress; readonly port: number }): ServerKey {
  return endpoint(server.address, server.port) as ServerKey;
}

/** The service that an operation is about. */
export function operationKey(operation: Operation): ServiceKey {
  const named = operation.kind === 'createService' || operation.kind === 'updateService';
  return serviceKey(named ? operation.service.service : operation.service);
}

function endpoint(address: IpAddress, port: number): string {
  return familyOf(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}
