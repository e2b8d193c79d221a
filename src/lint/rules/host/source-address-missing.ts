import type { Span } from '../../../config-parser/index.ts';
import { hostRule, type Report } from '../../rule.ts';
import { instance } from './example.ts';
import { addressesHere, worksElsewhere } from './interfaces.ts';
import { forEachGiven } from './walk.ts';

/** bind(2): EADDRNOTAVAIL. */
export const sourceAddressMissing = hostRule({
  name: 'host/source-address-missing',
  level: 'error',
  summary: 'Packets are to come from an address that this machine does not have',
  details: `\`unicast_src_ip\`, \`mcast_src_ip\` and \`bindto\` of a check must be addresses of this machine. An instance with
another one cannot send: it stays in Fault, or its packets are not answered. A check with another one always fails, and the
real servers count as down. Often the line was copied from the other director. Virtual addresses are \`host/nonlocal-bind\`'s
matter.`,
  keepalived: 'logs',
  bad: instance({ lines: ['mcast_src_ip 198.51.100.7'] }),
  good: instance({ lines: ['mcast_src_ip 192.0.2.1'] }),
  check: (file, host, report) => {
    if (worksElsewhere(file)) return;
    const own = addressesHere(file, host);
    const told = new Set<string>();
    for (const { source, values, name } of file.instances) {
      const at = values.spanOf('unicast_src_ip') ?? values.spanOf('mcast_src_ip');
      if (source !== undefined && !own.has(source))
        tell({ address: source, at, what: `${name} cannot advertise from it` }, report);
    }
    forEachGiven(file.root, ({ keyword, value, span }) => {
      if (keyword !== 'bindto' || typeof value !== 'string' || own.has(value) || told.has(value)) return;
      told.add(value);
      tell(
        {
          address: value,
          at: span,
          what: 'checks from it always fail, and their real servers count as down',
        },
        report,
      );
    });
  },
});

interface Missing {
  readonly address: string;
  readonly at: Span | undefined;
  readonly what: string;
}

function tell({ address, at, what }: Missing, report: Report): void {
  report({
    at,
    message: `${address} is no address of this machine: ${what}`,
    help: 'write an address that this machine has',
  });
}
