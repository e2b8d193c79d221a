import type { Span } from '../../../config-parser/index.ts';
import type { InstanceModel } from '../../model/index.ts';
import { pairRule, type Report } from '../../rule.ts';
import { directors } from './example.ts';
import { forEachCounterpart, type Member } from './match-instances.ts';
import { noteAt } from './wording.ts';

/** keepalived.conf(5): interface; names are of one host. */
export const interfaceNameDiffers = pairRule({
  name: 'pair/interface-name-differs',
  level: 'info',
  summary: 'The interface of an instance has another name on the other director',
  details: `The name of an interface is each host's own affair, and nothing of it goes over the wire: different names are
no mistake in themselves. But where one name was changed for the other host, others in the same instance are easily
forgotten: \`track_interface\`, and \`dev\` behind an address. Such a leftover is a warning here. Whether the interfaces are
on one network the files do not say; \`holdfast lint --host\` on each director says whether they exist.`,
  keepalived: 'silent',
  bad: directors({}, { interface: 'ens3' }),
  good: directors({}, {}),
  check: (nodes, report) => {
    forEachCounterpart(nodes, (first, second) => {
      const [a, b] = [first.instance, second.instance];
      if (a.interface === undefined || b.interface === undefined || a.interface === b.interface) return;
      const leftover = leftoverOf(b, a.interface);
      if (leftover !== undefined) {
        reportLeftover({ first, second, at: leftover, name: a.interface }, report);
        return;
      }
      report({
        at: b.at('interface'),
        message: `${b.name} is on ${b.interface} here and on ${a.interface} on ${first.node.name}: fine as long as both are on one network, else neither hears the other`,
        help: 'check that track_interface and dev name interfaces of this host',
        notes: [noteAt(first, second, a.at('interface'), `interface ${a.interface}`)],
      });
    });
  },
});

/** Where the other host's name still stands. */
function leftoverOf(instance: InstanceModel, name: string): Span | undefined {
  const tracked = instance.tracked.find((entry) => entry.kind === 'interface' && entry.name === name);
  if (tracked !== undefined) return tracked.span;
  const addresses = [...instance.addresses, ...instance.excludedAddresses];
  return addresses.find(({ value }) => value.device === name)?.span;
}

interface Leftover {
  readonly first: Member;
  readonly second: Member;
  readonly at: Span;
  readonly name: string;
}

function reportLeftover({ first, second, at, name }: Leftover, report: Report): void {
  const { instance } = second;
  report({
    at,
    level: 'warn',
    message: `${name} is the interface of ${first.node.name}; ${instance.name} is on ${instance.interface} here, and with a name that is not this host's the instance does not start`,
    help: `write the name that it has on this host, or "${instance.interface}"`,
    notes: [noteAt(first, second, first.instance.at('interface'), `interface ${name}`)],
  });
}
