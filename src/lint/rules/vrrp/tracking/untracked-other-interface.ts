import type { InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { block, textOf } from './example.ts';

function twoLegged(lines: readonly string[]): string {
  return textOf(
    block('vrrp_instance VI_1', [
      'interface eth0',
      'virtual_router_id 7',
      ...lines,
      ...block('virtual_ipaddress', ['192.0.2.10/24', '198.51.100.10/24 dev eth1']),
    ]),
  );
}

/** keepalived.conf(5): virtual_ipaddress: dev; track_interface. */
export const untrackedOtherInterface = fileRule({
  name: 'vrrp/untracked-other-interface',
  level: 'warn',
  summary: 'Addresses on another interface, which nothing tracks',
  details: `An instance watches its own \`interface\`. Addresses may be put elsewhere with \`dev\`, but when that other interface
loses its link nothing happens: the Master stays Master, and the addresses there answer nobody. List the interface in
\`track_interface\` of the instance or of its sync group, without a weight, so that its failure is a fault and a healthy
director takes over.`,
  keepalived: 'silent',
  bad: twoLegged([]),
  good: twoLegged(block('track_interface', ['eth1'])),
  check: ({ instances }, report) => {
    for (const instance of instances) {
      const watched = watchedBy(instance);
      const told = new Set<string>();
      for (const { value, heading } of [...instance.addresses, ...instance.excludedAddresses]) {
        const { device, address } = value;
        if (device === undefined || told.has(device) || isWatched(device, watched)) continue;
        told.add(device);
        report({
          at: heading,
          message: `${address} is on ${device}, which ${instance.name} does not track: when ${device} goes down the addresses on it stay here and answer nobody`,
          help: `write "${device}" into "track_interface { }" of ${instance.name}`,
        });
      }
    }
  },
});

/** Interfaces whose failure takes the instance away; `lo` does not fail. */
function watchedBy({ interface: own, tracked, syncGroup }: InstanceModel): ReadonlySet<string> {
  const all = [...tracked, ...(syncGroup?.tracked ?? [])].filter(({ kind }) => kind === 'interface');
  const others = syncGroup?.members.map((member) => member.interface) ?? [];
  const names = ['lo', own, ...others, ...all.map(({ name }) => name)];
  return new Set(names.filter((name) => name !== undefined));
}

/** A VLAN goes down with the interface that it is on, and so does a macvlan that keepalived made. */
function isWatched(device: string, watched: ReadonlySet<string>): boolean {
  const dot = device.indexOf('.');
  const base = dot < 0 ? device : device.slice(0, dot);
  return watched.has(device) || watched.has(base) || base === 'vrrp';
}
