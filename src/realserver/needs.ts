/**
 * What a virtual address needs on a real server, in the order in which it is to be done: the host must be silent about the
 * address before it has it.
 */
import { familyOf, type IpAddress, parseAddress } from '../net/address.ts';

/** dr: packets come as they are, in frames to this host. tun: they come packed into packets to this host. */
export type Mode = 'dr' | 'tun';

export interface VirtualIp {
  readonly address: IpAddress;
  readonly mode: Mode;
  readonly interface: string;
}

export type Need =
  /** The kernel makes the interface when it loads the module. */
  | { readonly kind: 'module'; readonly module: string; readonly interface: string }
  | {
      readonly kind: 'setting';
      /** Below /proc/sys/net. */
      readonly path: string;
      readonly value: string;
      /** What serves as well. */
      readonly accepts: readonly string[];
    }
  | { readonly kind: 'linkUp'; readonly interface: string }
  | {
      readonly kind: 'address';
      readonly interface: string;
      readonly address: IpAddress;
      readonly prefixLength: number;
    };

/** Those values of arp_ignore by which an interface is silent about addresses of others; 3 is not one, and 4 to 7 do nothing. */
export const silentArpIgnore: readonly string[] = ['1', '2', '8'];
/** Only 2 never names the virtual address as the asker; what is larger does as 0. */
export const silentArpAnnounce: readonly string[] = ['2'];
/** Off, or any way back: what comes out of the tunnel has its way back elsewhere. */
export const tunnelRpFilter: readonly string[] = ['0', '2'];

/** The interface that there is without further doing; `tunl0` and `ip6tnl0` come with their modules. */
export function usualInterface(address: IpAddress, mode: Mode): string {
  if (mode === 'dr') return 'lo';
  return familyOf(address) === 4 ? 'tunl0' : 'ip6tnl0';
}

const modules: Readonly<Record<string, string>> = { tunl0: 'ipip', ip6tnl0: 'ip6_tunnel' };

/** The module that makes the interface; undefined for one that somebody has to make. */
export function moduleOf(interfaceName: string): string | undefined {
  return modules[interfaceName];
}

/** `10.0.0.3` or `10.0.0.3/32`; a text is why it is not one. */
export function virtualIp(text: string, mode: Mode, interfaceName?: string): VirtualIp | string {
  const [host = '', length, ...rest] = text.split('/');
  const address = parseAddress(host);
  if (address === undefined || rest.length > 0) {
    return `"${text}" is no IP address; write one such as 10.0.0.3 or 2001:db8::3`;
  }
  const whole = fullLength(address);
  if (length !== undefined && length !== String(whole)) {
    return `"${text}": a real server has a virtual address with /${whole} alone, else it takes its whole network for its own; write ${address}`;
  }
  return { address, mode, interface: interfaceName ?? usualInterface(address, mode) };
}

export function fullLength(address: IpAddress): number {
  return familyOf(address) === 4 ? 32 : 128;
}

export function needsOf(vip: VirtualIp): readonly Need[] {
  const { address, interface: name } = vip;
  const module = moduleOf(name);
  return [
    ...(module === undefined ? [] : [{ kind: 'module', module, interface: name } as const]),
    ...(familyOf(address) === 4 ? ipv4Settings(vip) : ipv6Settings(name)),
    ...(name === 'lo' ? [] : [{ kind: 'linkUp', interface: name } as const]),
    { kind: 'address', interface: name, address, prefixLength: fullLength(address) },
  ];
}

/** Of several, each need once. */
export function needsOfAll(vips: readonly VirtualIp[]): readonly Need[] {
  const seen = new Set<string>();
  return vips.flatMap(needsOf).filter((need) => {
    const key = JSON.stringify(need);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** Documentation/networking/ip-sysctl: arp_ignore, arp_announce, rp_filter; of `all` and the interface the larger counts. */
function ipv4Settings({ mode, interface: name }: VirtualIp): readonly Need[] {
  const quiet = ['all', name].flatMap((which) => [
    setting(`ipv4/conf/${which}/arp_ignore`, '1', silentArpIgnore),
    setting(`ipv4/conf/${which}/arp_announce`, '2', silentArpAnnounce),
  ]);
  if (mode === 'dr') return quiet;
  return [...quiet, setting(`ipv4/conf/${name}/rp_filter`, '2', tunnelRpFilter)];
}

/** An IPv6 neighbour is answered only on the interface that has the address: nothing needs silencing. */
function ipv6Settings(name: string): readonly Need[] {
  return [setting(`ipv6/conf/${name}/disable_ipv6`, '0', ['0'])];
}

function setting(path: string, value: string, accepts: readonly string[]): Need {
  return { kind: 'setting', path, value, accepts };
}
