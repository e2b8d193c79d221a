/** What this machine has for some IPv4 addresses in its neighbour table, from /proc/net/arp: reading it asks nobody. */
import { readFileSync } from 'node:fs';

/** The address to its MAC address; an entry that is not complete has none. Pure. */
export function readArpTable(text: string, wanted: readonly string[]): ReadonlyMap<string, string> {
  const entries = text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  return new Map(
    entries.flatMap(([address = '', , flags = '', mac = '']) => {
      // include/uapi/linux/if_arp.h: ATF_COM, completed.
      const isComplete = (Number(flags) & 0x02) !== 0;
      return isComplete && wanted.includes(address) ? [[address, mac.toLowerCase()] as const] : [];
    }),
  );
}

export interface NeighbourWatch {
  stop(): void;
}

const everyMs = 50;

/** Tells each address's MAC address at first and whenever it changes; undefined where it is known no more. */
export function watchNeighbours(
  wanted: readonly string[],
  tell: (address: string, mac: string | undefined) => void,
): NeighbourWatch {
  const told = new Map<string, string | undefined>();
  const look = (): void => {
    const now = readArpTable(readFileSync('/proc/net/arp', 'utf8'), wanted);
    for (const address of wanted) {
      const mac = now.get(address);
      if (told.get(address) === mac) continue;
      told.set(address, mac);
      tell(address, mac);
    }
  };
  const timer = setInterval(look, everyMs);
  return { stop: () => clearInterval(timer) };
}
