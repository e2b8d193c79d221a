/**
 * Rules of nft(8) against a takeover that ends at the wrong port of a switch. A router that still holds a virtual address when
 * another announces it by a gratuitous ARP request would answer it; over a macvlan that answer has the virtual MAC address as
 * its source, so that switches send to the one that is about to let go. Such requests are not for anybody to answer.
 */
import type { FirewallConfig } from '../config-parser/config-vrrp.ts';
import { compareAddresses, familyOf } from '../net/address.ts';
import { type FirewallResult, type NftOptions, type RefusedAddress, runNft } from './firewall.ts';

const linesOf = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** One transaction for the IPv4 addresses that are held on macvlans; undefined where there are none. */
export function gratuitousArpFilter(
  { table, priority, counters }: FirewallConfig,
  held: readonly RefusedAddress[],
): string | undefined {
  const own = held.filter(({ address }) => familyOf(address) === 4);
  if (own.length === 0) return undefined;
  const addresses = [...new Set(own.map(({ address }) => address))].sort(compareAddresses);
  const links = [...new Set(own.map((one) => `"${one.interface}"`))];
  return (
    filterRemoval(table) +
    linesOf(
      `table arp ${table} {`,
      '\tset vips {',
      '\t\ttype ipv4_addr',
      `\t\telements = { ${addresses.join(', ')} }`,
      '\t}',
      '\tchain in {',
      `\t\ttype filter hook input priority ${priority}; policy accept;`,
      `\t\tiifname { ${links.join(', ')} } arp operation request arp saddr ip @vips arp daddr ip @vips ${counters ? 'counter ' : ''}drop`,
      '\t}',
      '}',
    )
  );
}

/** Never rejects. */
export async function installGratuitousArpFilter(
  text: string,
  options: NftOptions = {},
): Promise<FirewallResult> {
  const problem = await runNft(text, 'cannot keep gratuitous ARPs of other routers unanswered', options);
  return problem === undefined ? { ok: true, withoutCopies: false } : { ok: false, problem: problem.text };
}

/** Never rejects. */
export async function removeGratuitousArpFilter(
  table: string,
  options: NftOptions = {},
): Promise<FirewallResult> {
  const problem = await runNft(
    filterRemoval(table),
    `cannot remove the firewall table arp ${table}`,
    options,
  );
  return problem === undefined ? { ok: true, withoutCopies: false } : { ok: false, problem: problem.text };
}

function filterRemoval(table: string): string {
  return linesOf(`table arp ${table}`, `delete table arp ${table}`);
}
