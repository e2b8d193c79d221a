/** What this host is like, as far as it matters to a real server. */
import type { IpAddress } from '../net/address.ts';

export interface HostInterface {
  readonly name: string;
  readonly index: number;
  readonly isUp: boolean;
  readonly isLoopback: boolean;
  /** It asks and answers by ARP: an Ethernet does, `lo`, a dummy and a tunnel do not. */
  readonly answersArp: boolean;
  readonly addresses: readonly { readonly address: IpAddress; readonly prefixLength: number }[];
}

export interface Situation {
  readonly interfaces: readonly HostInterface[];
  /** By its path below /proc/sys/net; undefined where there is none. */
  readonly setting: (path: string) => string | undefined;
}

export function interfaceOf(situation: Situation, name: string): HostInterface | undefined {
  return situation.interfaces.find((one) => one.name === name);
}

/** The kernel takes the larger of the value for all interfaces and that of the one; undefined where one is missing. */
export function effectiveSetting(
  situation: Situation,
  interfaceName: string,
  key: string,
): number | undefined {
  const all = situation.setting(`ipv4/conf/all/${key}`);
  const own = situation.setting(`ipv4/conf/${interfaceName}/${key}`);
  return all === undefined || own === undefined ? undefined : Math.max(Number(all), Number(own));
}
