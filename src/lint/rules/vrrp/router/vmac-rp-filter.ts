import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { countOf, furtherPlaces } from './further-places.ts';

/** keepalived.conf(5): use_vmac: settings of the kernel that it depends on. */
export const vmacRpFilter = fileRule({
  name: 'vrrp/vmac-rp-filter',
  level: 'info',
  summary: 'use_vmac depends on rp_filter and arp_ignore',
  details: `With \`use_vmac\` the addresses sit on an interface of their own while the network's own address stays on the one
below, so packets come in by an interface to which the kernel would not route the answer. Reverse path filtering drops
them: \`net.ipv4.conf.all.rp_filter\` must be 0 or 2, not 1, for the larger of \`all\` and the interface counts. And both
interfaces answer ARP for both addresses unless \`arp_ignore\` is 1 on the interface below. keepalived sets them when it
starts, as far as it may: in a container with a read-only \`/proc/sys\` it cannot, and a later \`sysctl --system\` undoes
it.`,
  keepalived: 'silent',
  bad: instanceWith('use_vmac'),
  good: instanceWith(),
  check: ({ instances }, report) => {
    const users = instances.filter(({ values, family }) => values.has('use_vmac') && family === 4);
    const [first] = users;
    if (first === undefined) return;
    const name = first.interface ?? 'eth0';
    report({
      at: first.values.last('use_vmac')?.heading ?? first.heading,
      message: `use_vmac depends on the kernel${countOf(users)}: with rp_filter 1 packets to the addresses are dropped, and without arp_ignore 1 ${name} answers for them with its own MAC`,
      help: `set net.ipv4.conf.all.rp_filter to 0 and net.ipv4.conf.${name}.arp_ignore to 1 with sysctl`,
      notes: furtherPlaces(users, ({ values, heading }) => values.last('use_vmac')?.heading ?? heading),
    });
  },
});
