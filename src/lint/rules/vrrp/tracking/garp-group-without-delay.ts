import { fileRule } from '../../../rule.ts';
import { block, instance, textOf } from './example.ts';

function paced(lines: readonly string[]): string {
  return textOf(block('garp_group', [...lines, ...block('interfaces', ['eth0', 'eth1'])]), instance('VI_1'));
}

/** keepalived.conf(5): garp_group. */
export const garpGroupWithoutDelay = fileRule({
  name: 'vrrp/garp-group-without-delay',
  level: 'error',
  summary: 'A garp_group without garp_interval and gna_interval',
  details: `A \`garp_group\` gives several interfaces one pace of gratuitous ARPs, for a switch behind them that drops bursts.
The pace is \`garp_interval\`, and \`gna_interval\` for IPv6; with neither of them keepalived removes the group, and each
interface sends as fast as it can.`,
  keepalived: 'reports',
  bad: paced([]),
  good: paced(['garp_interval 0.005']),
  check: ({ root }, report) => {
    for (const { heading, values } of root.all('garp_group')) {
      const words = values.statements.map(({ keyword }) => keyword.value);
      if (words.includes('garp_interval') || words.includes('gna_interval')) continue;
      report({
        at: heading,
        message:
          'this garp_group has neither garp_interval nor gna_interval and is removed: its interfaces send their gratuitous ARPs without a pause',
        help: 'write "garp_interval" with a few milliseconds, such as "0.005"',
      });
    }
  },
});
