/** keepalived.conf(5): what a virtual_server is for: `IP [PORT]`, `fwmark MARK` or `group NAME`. */
import type { IpAddress } from '../../net/address.ts';
import { type Argument, endpoint, integer } from './arguments.ts';

export type ServiceTarget =
  /** Without a port, all of them. */
  | { readonly kind: 'address'; readonly address: IpAddress; readonly port?: number }
  | { readonly kind: 'fwmark'; readonly mark: number }
  | { readonly kind: 'group'; readonly group: string };

const markNumber = integer(1, 0xffff_ffff);

export const serviceTarget: Argument<ServiceTarget> = {
  expects: 'an IP address and a port, "fwmark" and a mark, or "group" and a name',
  syntax: '<ip> [<port>] | fwmark <mark> | group <name>',
  samples: {
    good: ['192.0.2.10 80', '2001:db8::10 80', 'fwmark 7', 'group name'],
    bad: ['', 'web 80', '192.0.2.10 65536', 'fwmark 0', 'fwmark', 'group'],
  },
  parse: (words) => {
    const [first, second] = words;
    if (first === undefined) return { ok: false };
    if (first.value === 'group') {
      if (second === undefined) return { ok: false, word: first, expects: '"group" and a name' };
      return { ok: true, value: { kind: 'group', group: second.value }, used: 2 };
    }
    if (first.value === 'fwmark') {
      const mark = markNumber.parse(second === undefined ? [] : [second]);
      if (mark.ok) return { ok: true, value: { kind: 'fwmark', mark: mark.value }, used: 2 };
      return { ok: false, word: second ?? first, expects: `"fwmark" and ${markNumber.expects}` };
    }
    const result = endpoint.parse(words);
    if (result.ok) {
      const { address, port } = result.value;
      const value =
        port === undefined
          ? { kind: 'address' as const, address }
          : { kind: 'address' as const, address, port };
      return { ...result, value };
    }
    return { ...result, expects: 'an IP address and a port from 0 to 65535' };
  },
};
