import type { Note } from '../../../config-parser/index.ts';
import { pairRule, type Report } from '../../rule.ts';
import { directors } from './example.ts';
import { forEachCounterpart, type Member } from './match-instances.ts';
import { addressesText, compareLists, differs, type ListDifference } from './vip-lists.ts';
import { listText, noteAt } from './wording.ts';

/** RFC 5798 section 7.1: the addresses of an advertisement may be compared with the own ones. */
export const vipListMismatch = pairRule({
  name: 'pair/vip-list-mismatch',
  level: 'error',
  summary: 'Directors have different virtual addresses for one virtual router',
  details: `A Master holds the addresses of its own file. keepalived logs that an advertisement has other addresses than
expected, counts it, and goes on. At a failover an address that only one director has vanishes from the network, and an
address that only the other has appears. Addresses of \`virtual_ipaddress_excluded\` are in no advertisement, so that of
those nobody logs anything. Give the instance the same addresses on all directors; to change them, see
\`pair/upgrade-order\`.`,
  keepalived: 'logs',
  bad: directors(
    { addresses: ['192.0.2.10/24', '192.0.2.11/24'] },
    { addresses: ['192.0.2.10/24', '192.0.2.12/24'] },
  ),
  good: directors(
    { addresses: ['192.0.2.10/24', '192.0.2.11/24'] },
    { addresses: ['192.0.2.11/24', '192.0.2.10/24'] },
  ),
  check: (nodes, report) => {
    forEachCounterpart(nodes, (first, second) => {
      const [a, b] = [first.instance, second.instance];
      if (a.family !== b.family) return;
      const advertised = compareLists(a.addresses, b.addresses);
      if (differs(advertised)) tell('virtual_ipaddress', { first, second, difference: advertised }, report);
      const moved = new Set([...addressesText(advertised.missing), ...addressesText(advertised.extra)]);
      const excluded = compareLists(a.excludedAddresses, b.excludedAddresses);
      const other = {
        missing: excluded.missing.filter(({ value }) => !moved.has(value.address)),
        extra: excluded.extra.filter(({ value }) => !moved.has(value.address)),
      };
      if (differs(other)) tell('virtual_ipaddress_excluded', { first, second, difference: other }, report);
    });
  },
});

interface Mismatch {
  readonly first: Member;
  readonly second: Member;
  readonly difference: ListDifference;
}

type List = 'virtual_ipaddress' | 'virtual_ipaddress_excluded';

function tell(list: List, { first, second, difference }: Mismatch, report: Report): void {
  const { missing, extra } = difference;
  const node = first.node.name;
  const lacks = missing.length > 0 ? `lacks ${listText(addressesText(missing))} of ${node}` : '';
  const adds = extra.length > 0 ? `has ${listText(addressesText(extra))}, which ${node} lacks` : '';
  const what = [lacks, adds].filter((text) => text !== '').join(', and ');
  const [firstMissing] = missing;
  const notes: Note[] = [
    firstMissing === undefined
      ? noteAt(first, second, placeOf(first, list), 'the list there')
      : noteAt(first, second, firstMissing.span, `${firstMissing.value.address} is here`),
  ];
  report({
    at: extra[0]?.span ?? placeOf(second, list),
    message: `${list} of ${second.instance.name} ${what}: an address that only one director has is gone when the other is Master`,
    help: `write the same ${list} on all directors`,
    notes,
  });
}

function placeOf({ instance }: Member, list: List) {
  return instance.values.last(list)?.heading ?? instance.heading;
}
