/** What the kernel means when it refuses a change of the IPVS table (net/netfilter/ipvs/ip_vs_ctl.c), and what to do then. */

import { serviceFamily } from '../ipvs-sync/codec.ts';
import { type Operation, serverKey, serviceKey } from '../ipvs-sync/index.ts';
import { familyOf } from '../net/address.ts';

export const noPermission = 'this process may not: it needs CAP_NET_ADMIN';

/** Creating what exists is an update; removing what is absent has succeeded. Without a code there is nothing to do either. */
export function alternative(operation: Operation, code: string | undefined): Operation | 'done' | 'fail' {
  if (code === undefined) return 'done';
  switch (operation.kind) {
    case 'createService':
      return code === 'EEXIST' ? { ...operation, kind: 'updateService' } : 'fail';
    case 'createDestination':
      return code === 'EEXIST' ? { ...operation, kind: 'updateDestination' } : 'fail';
    case 'removeService':
    case 'removeDestination':
      // ESRCH: no such service; ENOENT: no such destination.
      return code === 'ESRCH' || code === 'ENOENT' ? 'done' : 'fail';
    case 'updateService':
    case 'updateDestination':
      return 'fail';
  }
}

/** `10.0.0.3:80/tcp`, `10.0.0.11:80 of 10.0.0.3:80/tcp`. */
export function subjectOf(operation: Operation): string {
  switch (operation.kind) {
    case 'createService':
    case 'updateService':
      return serviceKey(operation.service.service);
    case 'removeService':
      return serviceKey(operation.service);
    case 'createDestination':
    case 'updateDestination':
      return `${serverKey(operation.destination)} of ${serviceKey(operation.service)}`;
    case 'removeDestination':
      return `${serverKey(operation)} of ${serviceKey(operation.service)}`;
  }
}

/** What some refusals mean, which their name does not say. */
export function explanations(operation: Operation): Readonly<Record<string, string>> {
  const missing = 'the service is not in the kernel';
  switch (operation.kind) {
    case 'createService':
    case 'updateService':
      return { ENOENT: missingModule(operation.service), ESRCH: missing };
    case 'createDestination':
    case 'updateDestination':
      return {
        ESRCH: missing,
        ENOENT: 'the destination is not in the kernel',
        ERANGE: 'a weight must not be negative, nor the lower threshold above the upper',
        ...(familyOf(operation.destination.address) !== serviceFamily(operation.service) && {
          EINVAL:
            'a server of another address family than its service must be reached by a tunnel, ' +
            'and the connection synchronization must not run',
        }),
      };
    case 'removeService':
    case 'removeDestination':
      return {};
  }
}

function missingModule(service: { readonly scheduler: string; readonly persistenceEngine?: string }): string {
  const { scheduler, persistenceEngine } = service;
  const what = `the kernel has no scheduler ${scheduler}`;
  if (persistenceEngine === undefined) return `${what}: \`modprobe ip_vs_${scheduler}\` says why`;
  return (
    `${what} or no persistence engine ${persistenceEngine}: ` +
    `\`modprobe -a ip_vs_${scheduler} ip_vs_pe_${persistenceEngine}\` says why`
  );
}
