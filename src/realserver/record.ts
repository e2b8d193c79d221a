/** Who has changed what: kept in a file, so that exactly that can be undone, also after a run that was killed. */
import { parseAddress } from '../net/address.ts';
import type { Change } from './changes.ts';
import type { VirtualIp } from './needs.ts';

export interface RealServerRecord {
  readonly version: 1;
  readonly virtualAddresses: readonly VirtualIp[];
  /** In the order in which they were made. */
  readonly changes: readonly Change[];
}

export const emptyRecord: RealServerRecord = { version: 1, virtualAddresses: [], changes: [] };

export function formatRecord(record: RealServerRecord): string {
  return `${JSON.stringify(record, undefined, 2)}\n`;
}

/** Undefined for anything that we have not written: to undo it would be guessing. */
export function parseRecord(text: string): RealServerRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!isObject(value) || value['version'] !== 1) return undefined;
  const { virtualAddresses, changes } = value;
  if (!Array.isArray(virtualAddresses) || !Array.isArray(changes)) return undefined;
  if (!virtualAddresses.every(isVirtualIp) || !changes.every(isChange)) return undefined;
  return { version: 1, virtualAddresses, changes };
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

function isVirtualIp(value: unknown): value is VirtualIp {
  return (
    isObject(value) &&
    isAddress(value['address']) &&
    (value['mode'] === 'dr' || value['mode'] === 'tun') &&
    isInterfaceName(value['interface'])
  );
}

function isChange(value: unknown): value is Change {
  if (!isObject(value)) return false;
  switch (value['kind']) {
    case 'setting':
      return isSettingPath(value['path']) && isNumber(value['previous']) && isNumber(value['value']);
    case 'linkUp':
      return isInterfaceName(value['interface']);
    case 'address':
      return (
        isInterfaceName(value['interface']) &&
        isAddress(value['address']) &&
        Number.isInteger(value['prefixLength'])
      );
    default:
      return false;
  }
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && parseAddress(value) === value;
}

function isInterfaceName(value: unknown): boolean {
  return typeof value === 'string' && /^[^\s/]{1,15}$/.test(value);
}

/** One of those that we change. */
function isSettingPath(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^(ipv4\/conf\/[^\s/]{1,15}\/(arp_ignore|arp_announce|rp_filter)|ipv6\/conf\/[^\s/]{1,15}\/disable_ipv6)$/.test(
      value,
    )
  );
}

function isNumber(value: unknown): boolean {
  return typeof value === 'string' && /^\d+$/.test(value);
}
