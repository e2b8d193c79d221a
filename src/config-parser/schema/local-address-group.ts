/**
 * local_address_group: addresses of this host that FULLNAT hides clients behind. keepalived does not know it; the word, and
 * what stands in the block, are those of the keepalived that comes with the FULLNAT patches of the kernel, and of DPVS.
 */
import { parseAddress } from '../../net/address.ts';
import { type AddressRange, rangeFrom } from './address-range.ts';
import type { Argument } from './arguments.ts';
import { defineList } from './schema.ts';

export const localAddressEntry: Argument<AddressRange> = {
  expects: 'an IP address, or a range of them',
  syntax: '<ip>[-<last>]',
  samples: {
    good: ['192.0.2.1', '192.0.2.1-9', '192.0.2.1-192.0.2.9', '2001:db8::1-ff'],
    bad: ['host.example', '192.0.2.0/28', '192.0.2.9-1', '192.0.2.1-256', '192.0.2.1-2001:db8::1'],
  },
  parse: ([word]) => {
    if (word === undefined) return { ok: false };
    const [, start = '', end] = /^([^-]*)(?:-(.*))?$/.exec(word.value) ?? [];
    const first = parseAddress(start);
    if (first === undefined) return { ok: false, word };
    const range = end === undefined ? { first, last: first } : rangeFrom(first, end);
    if (typeof range === 'string') return { ok: false, word, expects: range };
    return { ok: true, value: range, used: 1 };
  },
};

export const localAddressGroup = defineList('an entry', localAddressEntry);
