import type { Span } from '../../../../config-parser/index.ts';
import type { FileModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { holding, nested } from './example.ts';

const longMs = 1000;

const one = holding('192.0.2.10/24');

/** keepalived.conf(5): vrrp_garp_interval, vrrp_gna_interval, garp_group. */
export const garpIntervalLong = fileRule({
  name: 'vrrp/garp-interval-long',
  level: 'warn',
  summary: 'A second or more between two gratuitous ARPs',
  details: `A new Master tells the network where its addresses are now, several packets for each. \`vrrp_garp_interval\` (and
\`vrrp_gna_interval\` for IPv6) puts a gap between any two of them, for switches that drop bursts: a few milliseconds, such as
\`0.005\`. With a second or more, the last address is announced only when all packets before it are out, and until then its
clients send to the old Master. keepalived writes a line to its log and does as it is told.`,
  keepalived: 'logs',
  bad: `${nested('global_defs', ['vrrp_garp_interval 2']).join('\n')}\n\n${one}`,
  good: `${nested('global_defs', ['vrrp_garp_interval 0.005']).join('\n')}\n\n${one}`,
  check: (file, report) => {
    for (const { keyword, ms, span } of intervalsOf(file)) {
      if (ms < longMs) continue;
      const most = Math.max(0, ...file.instances.map(packetsOf(file)));
      const seconds = ms / 1000;
      report({
        at: span,
        message: `${keyword} leaves ${seconds} s between two packets: announcing the addresses of an instance takes up to ${most} x ${seconds} = ${most * seconds} s, and until then clients reach the old Master`,
        help: 'write a few milliseconds, such as "0.005"',
      });
    }
  },
});

type Instance = FileModel['instances'][number];
const usualRepeat = 5;

/** Of the first burst. */
function packetsOf({ globals }: FileModel): (instance: Instance) => number {
  return ({ values, addresses, excludedAddresses }) => {
    const repeat =
      values.value('garp_master_repeat') ?? globals.value('vrrp_garp_master_repeat') ?? usualRepeat;
    return Math.max(repeat, 1) * (addresses.length + excludedAddresses.length);
  };
}

interface Interval {
  readonly keyword: string;
  readonly ms: number;
  readonly span: Span;
}

function intervalsOf({ globals, root }: FileModel): readonly Interval[] {
  const given = [
    globals.last('vrrp_garp_interval'),
    globals.last('vrrp_gna_interval'),
    ...root
      .all('garp_group')
      .flatMap(({ values }) => [values.last('garp_interval'), values.last('gna_interval')]),
  ];
  return given.flatMap((one) =>
    one === undefined ? [] : [{ keyword: one.keyword, ms: one.value, span: one.span }],
  );
}
