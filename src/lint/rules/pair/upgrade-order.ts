import type { FileModel } from '../../model/index.ts';
import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { forEachCounterpart, type Member } from './match-instances.ts';
import { compareLists, differs } from './vip-lists.ts';
import { noteAt } from './wording.ts';

/** keepalived.conf(5): skip_check_adv_addr; reload_time_file. */
export const upgradeOrder = pairRule({
  name: 'pair/upgrade-order',
  level: 'info',
  summary: 'Virtual addresses were changed on one director first',
  details: `Where the addresses of one director are those of the other and some more, the file was probably changed there
first. Until the other follows, each advertisement is logged and counted as wrong by the Backup, unless it has
\`skip_check_adv_addr\`, which leaves the comparison out for a Master that it knows. Reload the Backup first, then the
Master: an address is then never without a director that knows it. Or let both reload at one moment with
\`reload_time_file\`. That the lists differ at all is \`pair/vip-list-mismatch\`; whether a change is under way no file can
say.`,
  keepalived: 'silent',
  bad: directors({ addresses: ['192.0.2.10/24', '192.0.2.11/24'] }, { addresses: ['192.0.2.10/24'] }),
  good: directors({}, {}),
  check: (nodes, report) => {
    forEachCounterpart(nodes, (first, second) => {
      const [a, b] = [first.instance, second.instance];
      const difference = compareLists(a.addresses, b.addresses);
      const { missing, extra } = difference;
      if (a.family !== b.family || !differs(difference) || (missing.length > 0 && extra.length > 0)) return;
      if (isSpared(first) || isSpared(second)) return;
      const [newer, older] = missing.length > 0 ? [first, second] : [second, first];
      report({
        at: b.values.last('virtual_ipaddress')?.heading ?? b.heading,
        message: `${b.name} has more addresses on ${newer.node.name} than on ${older.node.name}, as in the midst of a change: until both have the same, the Backup logs that the advertisements are wrong`,
        help: 'reload the Backup first and the Master after it, or write skip_check_adv_addr on all directors',
        notes: [
          noteAt(first, second, a.values.last('virtual_ipaddress')?.heading ?? a.heading, 'the other list'),
        ],
      });
    });
  },
});

function isSpared({ node, instance }: Member): boolean {
  return instance.values.has('skip_check_adv_addr') || isSparedEverywhere(node);
}

function isSparedEverywhere({ globals }: FileModel): boolean {
  return globals.value('vrrp_skip_check_adv_addr') === true || globals.has('reload_time_file');
}
