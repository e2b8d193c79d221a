import { familyOf } from '../../../../net/address.ts';
import type { InstanceModel } from '../../../model/index.ts';
import { diagnosticRule } from '../../../rule.ts';
import { instanceOf, instanceWith } from './example.ts';
import { placeOf } from './instance-places.ts';

/** keepalived.conf(5): interface may be left out only with unicast peers and a source address. */
export const interfaceMissing = diagnosticRule({
  name: 'vrrp/interface-missing',
  level: 'error',
  summary: 'A vrrp_instance has no interface',
  details: `An instance sends and hears advertisements on an interface and puts its addresses there. Newer releases of
keepalived go without one only if there are unicast peers and a \`unicast_src_ip\` that is not link-local, and no virtual
MAC that would need something to sit on, and holdfast does the same; in every other case neither starts.`,
  keepalived: 'fatal',
  bad: instanceOf('VI_1', ['virtual_router_id 7']),
  good: instanceWith(),
  claims: ({ code, subject }) =>
    code === 'missing-keyword' && subject?.keyword === 'interface' && subject.block === 'vrrp_instance',
  improve: (diagnostic, file) => {
    const instance = placeOf(file, diagnostic, 'missing-keyword')?.instance;
    return {
      message: `${diagnostic.message}${instance === undefined ? '' : `: ${consequence(instance)}`}`,
      help: 'write "interface" with the name of the interface that the addresses go to',
    };
  },
});

function consequence({ values, isUnicast, source }: InstanceModel): string {
  if (values.has('use_vmac'))
    return 'use_vmac has nothing to put its MAC address on, and keepalived does not start';
  if (!isUnicast) return 'there is nowhere to send advertisements, and keepalived does not start';
  if (source === undefined) {
    return 'without a unicast_src_ip too nothing says where advertisements come from, and keepalived does not start';
  }
  if (familyOf(source) === 6 && /^fe[89ab]/.test(source)) {
    return `${source} is link-local and means nothing without one, and keepalived does not start`;
  }
  return 'the peers or the source address are of another family than the addresses, and nothing is left to go without one';
}
