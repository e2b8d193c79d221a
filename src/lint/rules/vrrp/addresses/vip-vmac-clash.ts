import type { Span } from '../../../../config-parser/index.ts';
import type { FileModel, InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { instanceText } from './example.ts';
import { distinctInstances, heldBy } from './held-addresses.ts';

const onOther = instanceText({ addresses: ['192.0.2.10/24', '192.0.2.11/24 dev eth1 use_vmac'] });
const other = { name: 'VI_2', interface: 'eth1', lines: ['use_vmac'], addresses: ['198.51.100.10/24'] };

/** RFC 5798 section 7.3: the virtual router MAC address has the VRID in it, and nothing of the instance's name. */
export const vipVmacClash = fileRule({
  name: 'vrrp/vip-vmac-clash',
  level: 'error',
  summary: 'An address wants the MAC address that another instance uses on that interface',
  details: `The MAC address of a virtual router is \`00:00:5e:00:01:VRID\` (\`…:02:VRID\` with IPv6). An address with \`dev\` and
\`use_vmac\` takes the MAC of its own instance's VRID to that other interface; when an instance there has the same VRID and
\`use_vmac\`, both want one MAC on one wire, and keepalived disables an instance over it. Give one of them another
\`virtual_router_id\`.`,
  keepalived: 'logs',
  bad: `${onOther}\n${instanceText(other)}`,
  good: `${onOther}\n${instanceText({ ...other, vrid: 8 })}`,
  check: (file, report) => {
    const owners = vmacsOf(file);
    for (const instance of distinctInstances(file)) {
      for (const { value, heading: span } of heldBy(instance)) {
        if (!value.useVmac || value.device === undefined) continue;
        const key = vmacKey(instance, value.device);
        const owner = owners.get(key) ?? { instance, span };
        owners.set(key, owner);
        if (owner.instance === instance) continue;
        report({
          at: span,
          message: `${value.address} wants the virtual MAC address of VRID ${instance.vrid} on ${value.device}, which ${owner.instance.name} uses: keepalived disables one of the two instances`,
          help: `give ${instance.name} or ${owner.instance.name} another virtual_router_id`,
          notes: [{ span: owner.span, message: `${owner.instance.name} uses it here` }],
        });
      }
    }
  },
});

interface Owner {
  readonly instance: InstanceModel;
  readonly span: Span;
}

function vmacsOf(file: FileModel): Map<string, Owner> {
  const owners = new Map<string, Owner>();
  for (const instance of distinctInstances(file)) {
    const span = instance.values.spanOf('use_vmac');
    if (span === undefined || instance.interface === undefined) continue;
    const key = vmacKey(instance, instance.interface);
    if (!owners.has(key)) owners.set(key, { instance, span });
  }
  return owners;
}

function vmacKey({ vrid, family }: InstanceModel, device: string): string {
  return `${vrid} ${family} ${device}`;
}
