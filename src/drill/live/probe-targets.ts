/** What --probe names: a service by its address, since looking a name up would send more than the probe. Pure. */
import { type IpAddress, parseAddress } from '../../net/address.ts';

export interface ProbeTarget {
  /** `10.0.0.3:80/tcp`, as reports call a service. */
  readonly name: string;
  readonly kind: 'http' | 'https' | 'tcp';
  readonly address: IpAddress;
  readonly port: number;
  /** Of http and https. */
  readonly path: string;
}

export type ReadTarget =
  | { readonly ok: true; readonly target: ProbeTarget }
  | { readonly ok: false; readonly problem: string };

const ports: Readonly<Record<string, number>> = { http: 80, https: 443 };
const kinds: Readonly<Record<string, ProbeTarget['kind']>> = { http: 'http', https: 'https', tcp: 'tcp' };

/** `http://10.0.0.3/www/`, `https://[2001:db8::3]:8443/`, `tcp://10.0.0.3:25`. */
export function readTarget(text: string): ReadTarget {
  const no = (problem: string): ReadTarget => ({ ok: false, problem: `"${text}": ${problem}` });
  const found = /^(\w+):\/\/(\[[^\]]+\]|[^/:]+)(?::(\d+))?(\/\S*)?$/.exec(text);
  const [, scheme = '', host = '', portText, path] = found ?? [];
  const kind = kinds[scheme];
  if (found === null || kind === undefined)
    return no('write http://ADDRESS/PATH, https://ADDRESS/PATH or tcp://ADDRESS:PORT');
  const address = parseAddress(host.replace(/^\[(.*)\]$/, '$1'));
  if (address === undefined) return no(`${host} is no IP address; names are not looked up`);
  const port = portText === undefined ? ports[kind] : Number(portText);
  if (port === undefined) return no('tcp:// needs a port, as in tcp://10.0.0.3:25');
  if (port < 1 || port > 65_535) return no('a port is a number from 1 to 65535');
  if (kind === 'tcp' && path !== undefined && path !== '/') return no('tcp:// has no path');
  const bracketed = address.includes(':') ? `[${address}]` : address;
  return { ok: true, target: { name: `${bracketed}:${port}/tcp`, kind, address, port, path: path ?? '/' } };
}
