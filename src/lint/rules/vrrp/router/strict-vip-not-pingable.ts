import type { Span } from '../../../../config-parser/index.ts';
import type { InstanceModel } from '../../../model/index.ts';
import { fileRule, type Report } from '../../../rule.ts';
import { instanceWith, withGlobals } from './example.ts';
import { countOf, furtherPlaces } from './further-places.ts';
import { strictInstances, strictKeyword } from './strict-mode.ts';

/** keepalived.conf(5): vrrp_strict, accept. RFC 5798 section 6.1: Accept_Mode is off by default. */
export const strictVipNotPingable = fileRule({
  name: 'vrrp/strict-vip-not-pingable',
  level: 'warn',
  summary: 'In strict mode the virtual addresses do not answer',
  details: `By the RFC a Master that does not own the addresses forwards packets and accepts none that are for the addresses
themselves. In strict mode keepalived holds to that: it adds firewall rules that drop every packet to them, ping included.
The file was loaded, the addresses are there, and nothing answers. Director and web servers need the opposite: delete
\`vrrp_strict\`, which stands in the sample file of most distributions, or write \`version 3\` and \`accept\`.`,
  keepalived: 'silent',
  bad: withGlobals(['vrrp_strict'], instanceWith()),
  good: instanceWith(),
  check: (file, report) => {
    const dropping = strictInstances(file).filter(dropsPackets);
    const own = dropping.filter((instance) => strictKeyword(instance) === 'strict_mode');
    const inherited = dropping.filter((instance) => strictKeyword(instance) === 'vrrp_strict');
    for (const instance of own) say(report, instance.at('strict_mode'), [instance]);
    const [first] = inherited;
    if (first !== undefined) say(report, file.globals.spanOf('vrrp_strict') ?? first.heading, inherited);
  },
});

function say(report: Report, at: Span, instances: readonly InstanceModel[]): void {
  const [first] = instances;
  if (first === undefined) return;
  const address = first.addresses[0]?.value.address ?? `the addresses of ${first.name}`;
  report({
    at,
    message: `strict mode means no_accept${countOf(instances)}: every packet to ${address} is dropped, ping included`,
    help: `delete "${strictKeyword(first)}", or write "version 3" and "accept"`,
    notes: furtherPlaces(instances, ({ heading }) => heading),
  });
}

/** Where accept or no_accept is written, its author has thought of it. */
function dropsPackets({ isOwner, values, addresses }: InstanceModel): boolean {
  return !isOwner && addresses.length > 0 && !values.has('accept') && !values.has('no_accept');
}
