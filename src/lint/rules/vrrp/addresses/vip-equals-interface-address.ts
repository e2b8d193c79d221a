import type { Span } from '../../../../config-parser/index.ts';
import type { IpAddress } from '../../../../net/address.ts';
import type { FileModel, InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { instanceText } from './example.ts';
import { heldBy } from './held-addresses.ts';

const source = ['mcast_src_ip 192.0.2.1'];

/** What an instance takes from the interface when it is no longer Master has to be its own. */
export const vipEqualsInterfaceAddress = fileRule({
  name: 'vrrp/vip-equals-interface-address',
  level: 'error',
  summary: 'A virtual address that is also the own address of a director',
  details: `keepalived adds the virtual addresses when an instance becomes Master and removes them when it stops being that,
whoever put them there. If one of them is the host's own address (the source of advertisements, or a line of
\`static_ipaddress\`), the host loses it at the first step-down: its advertisements, its routes and your ssh session go with
it. If it is a peer's own address, two hosts answer for it. Keep an address of its own for every director, and a further one
that moves. \`holdfast lint --host\` compares with this machine's addresses too.`,
  keepalived: 'silent',
  bad: instanceText({ lines: source, addresses: ['192.0.2.1/24'] }),
  good: instanceText({ lines: source, addresses: ['192.0.2.10/24'] }),
  check: (file, report) => {
    const fixed = fixedAddresses(file);
    if (fixed.size === 0) return;
    for (const instance of file.instances) {
      for (const { value, heading } of heldBy(instance)) {
        const own = fixed.get(value.address);
        if (own === undefined) continue;
        report({
          at: heading,
          message: `${value.address} is ${own.what}: ${own.outcome(instance)}`,
          help: 'write an address that no host has for itself',
          notes: [{ span: own.span, message: 'it stands here' }],
        });
      }
    }
  },
});

interface Fixed {
  readonly what: string;
  readonly outcome: (holder: InstanceModel) => string;
  readonly span: Span;
}

function fixedAddresses({ instances, root }: FileModel): ReadonlyMap<IpAddress, Fixed> {
  const fixed = new Map<IpAddress, Fixed>();
  const isLost = ({ name }: InstanceModel) => `this host loses it when ${name} steps down`;
  for (const { value, heading: span } of root.entries('static_ipaddress')) {
    fixed.set(value.address, { what: 'a static_ipaddress of this host', outcome: isLost, span });
  }
  for (const instance of instances) {
    for (const { value, heading: span } of instance.unicastPeers) {
      const outcome = () => 'two hosts will answer for it';
      fixed.set(value.address, { what: `the own address of a peer of ${instance.name}`, outcome, span });
    }
  }
  for (const { name, source: address, values } of instances) {
    const span = values.spanOf('unicast_src_ip') ?? values.spanOf('mcast_src_ip');
    // With a macvlan of its own, the Master may send from the virtual address; a Backup does not send.
    if (address === undefined || span === undefined || values.has('use_vmac')) continue;
    fixed.set(address, { what: `the address that ${name} advertises from`, outcome: isLost, span });
  }
  return fixed;
}
