import { pairRule, type Report } from '../../rule.ts';
import { directors } from './example.ts';
import { type Member, matchInstances } from './match-instances.ts';
import { listText, noteAt } from './wording.ts';

const unicast = (source: string, peer: string) => [
  `unicast_src_ip ${source}`,
  'unicast_peer {',
  `    ${peer}`,
  '}',
];

/** keepalived.conf(5): unicast_peer. */
export const unicastReciprocal = pairRule({
  name: 'pair/unicast-reciprocal',
  level: 'error',
  summary: 'A director does not send its advertisements to the other',
  details: `With \`unicast_peer\` advertisements go to the addresses in that list and nowhere else. Each director must list
the \`unicast_src_ip\` of every other: one that is not listed hears nothing and becomes Master beside the first. With
\`check_unicast_src\` the receiver also discards what does not come from its list, and what comes with a TTL outside of
\`min_ttl\` and \`max_ttl\`. An instance without \`unicast_src_ip\` sends from the first address of its interface, which no
file says; write it to have it compared.`,
  keepalived: 'silent',
  bad: directors(
    { lines: unicast('198.51.100.1', '198.51.100.2') },
    { lines: unicast('198.51.100.2', '198.51.100.3') },
  ),
  good: directors({}, {}),
  check: (nodes, report) => {
    for (const router of matchInstances(nodes).routers) {
      const members = router.filter(({ instance }) => instance.isUnicast);
      for (const sender of members) {
        const others = members.filter(
          (member) => member !== sender && member.instance.family === sender.instance.family,
        );
        reportUnlisted(sender, others, report);
        for (const receiver of others) reportTtl(sender, receiver, report);
      }
    }
  },
});

function reportUnlisted(sender: Member, others: readonly Member[], report: Report): void {
  const { instance, node } = sender;
  const listed = new Set<string>(instance.unicastPeers.map(({ value }) => value.address));
  const unlisted = others.flatMap((member) => {
    const { source } = member.instance;
    return source === undefined || listed.has(source) ? [] : [{ member, source }];
  });
  const [first] = unlisted;
  if (first === undefined) return;
  const names = unlisted.map(({ member, source }) => `${source} of ${member.node.name}`);
  const [hears, becomes] = unlisted.length === 1 ? ['hears', 'becomes'] : ['hear', 'become'];
  report({
    at: instance.values.last('unicast_peer')?.heading ?? instance.heading,
    message: `unicast_peer of ${instance.name} lacks ${listText(names)}, which ${hears} nothing from ${node.name} and ${becomes} Master too`,
    help: `add ${listText(unlisted.map(({ source }) => source))} to the list`,
    notes: unlisted.map(({ member, source }) =>
      noteAt(member, sender, sourcePlace(member), `advertisements come from ${source}`),
    ),
  });
}

/** keepalived.conf(5): unicast_ttl, by default 255; min_ttl and max_ttl count with check_unicast_src. */
function reportTtl(sender: Member, receiver: Member, report: Report): void {
  const [from, to] = [sender.instance, receiver.instance];
  const isChecked = to.values.has('check_unicast_src') || receiver.node.globals.has('vrrp_check_unicast_src');
  const entry = to.unicastPeers.find(({ value }) => value.address === from.source);
  if (!isChecked || entry === undefined) return;
  const ttl = from.values.value('unicast_ttl') ?? 255;
  const { minTtl = 0, maxTtl = 255, address } = entry.value;
  if (ttl >= minTtl && ttl <= maxTtl) return;
  const isTooHigh = ttl > maxTtl;
  report({
    at: entry.span,
    level: isTooHigh ? 'warn' : 'error',
    message: `${to.name} takes advertisements of ${address} with a TTL from ${minTtl} to ${maxTtl}, and ${sender.node.name} sends ${ttl}: ${isTooHigh ? `they are discarded unless ${ttl - maxTtl} or more routers lie between` : 'all of them are discarded, and both become Master'}`,
    help: isTooHigh
      ? 'raise max_ttl, or lower unicast_ttl of the sender'
      : 'lower min_ttl, or raise unicast_ttl of the sender',
    notes: [noteAt(sender, receiver, from.at('unicast_ttl'), `TTL ${ttl}`)],
  });
}

function sourcePlace({ instance }: Member) {
  return instance.values.spanOf('unicast_src_ip') ?? instance.at('mcast_src_ip');
}
