/**
 * A process of its own on some machine of the lab that advertises somebody else's virtual router: same VRID, its own
 * address, priority and secret. Argument: IntruderOptions as JSON.
 */
import { openVrrpSocket } from '../../../kernel/vrrp-socket.ts';
import { address } from '../../../net/address.ts';
import { encodeAdvertisement } from '../../../vrrp/packet.ts';

export interface IntruderOptions {
  readonly interface: { readonly name: string; readonly index: number };
  readonly source: string;
  readonly group: string;
  readonly version: 2 | 3;
  readonly vrid: number;
  readonly priority: number;
  readonly advertisementIntervalMs: number;
  /** That it claims. */
  readonly virtualAddress: string;
  /** Version 2 without one says so. */
  readonly password?: string;
}

const options = JSON.parse(process.argv[2] ?? '{}') as IntruderOptions;
const source = address(options.source);
const group = address(options.group);
const socket = openVrrpSocket(
  { kind: 'multicast', interface: options.interface, source, group, authenticationHeader: false },
  {
    onDatagram: () => undefined,
    onMalformed: () => undefined,
    onError: (error) => process.stderr.write(`${error.message}\n`),
  },
);
const bytes = encodeAdvertisement(
  {
    version: options.version,
    vrid: options.vrid,
    priority: options.priority,
    advertisementIntervalMs: options.advertisementIntervalMs,
    addresses: [address(options.virtualAddress)],
    authentication:
      options.password === undefined ? { type: 'none' } : { type: 'PASS', password: options.password },
  },
  { source, destination: group },
);
const send = (): void => socket.send(bytes);
send();
setInterval(send, options.advertisementIntervalMs);
