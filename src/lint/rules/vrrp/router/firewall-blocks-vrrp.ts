import type { FileModel, InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { countOf } from './further-places.ts';

/** RFC 5798 section 5.1.1.4: IP protocol 112; RFC 4302: 51 for the Authentication Header. */
export const firewallBlocksVrrp = fileRule({
  name: 'vrrp/firewall-blocks-vrrp',
  level: 'info',
  summary: 'A firewall has to let advertisements through, on all directors',
  details: `VRRP is an IP protocol of its own, number 112, neither TCP nor UDP; inside an Authentication Header it is 51. A
firewall that knows only ports drops it, and then every director hears nobody and becomes Master. The configuration cannot
show what a firewall does, so this is a reminder: allow the protocol in and out, to the multicast group or between the
peers, on every director, and try it with tcpdump on the Backup.`,
  keepalived: 'silent',
  isStrictOnly: true,
  bad: instanceWith(),
  good: 'global_defs {\n    router_id lb01\n}\n',
  check: (file, report) => {
    const [first] = file.instances;
    if (first === undefined) return;
    const { interface: name = 'the interface' } = first;
    report({
      at: first.heading,
      message: `a firewall has to let IP protocol ${protocolOf(first)} ${wayOf(first, file)} through on ${name}${countOf(file.instances)}: what it drops makes every director Master`,
      help: 'allow it in and out on every director, and look for it on the Backup with tcpdump',
    });
  },
});

function protocolOf({ values, version }: InstanceModel): number {
  const type = values.last('authentication')?.values.value('auth_type');
  return type === 'AH' && version === 2 ? 51 : 112;
}

function wayOf({ isUnicast, family, values }: InstanceModel, { globals }: FileModel): string {
  if (isUnicast) return 'from and to the peers';
  const group =
    family === 4
      ? (globals.value('vrrp_mcast_group4') ?? '224.0.0.18')
      : (globals.value('vrrp_mcast_group6') ?? 'ff02::12');
  return `to ${values.value('mcast_dst_ip') ?? group}`;
}
