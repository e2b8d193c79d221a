import type { IpAddress } from '../../../net/address.ts';
import { addressesOfRange } from '../../../net/address-range.ts';
import type { FileModel } from '../../model/index.ts';
import { hostRule } from '../../rule.ts';
import { instance } from './example.ts';
import { addressesHere, worksElsewhere } from './interfaces.ts';

/** local_address_group, a word of holdfast's own. */
export const localAddressMissing = hostRule({
  name: 'host/local-address-missing',
  level: 'error',
  summary: 'A local address of FULLNAT is not on this machine',
  details: `With \`FULLNAT\` packets leave for the real servers with an address of a \`local_address_group\`, and the answers come back to
it. An address that this machine does not have is answered for by nobody: connections that get it hang, those that get another work,
and checks, which do not use them, find everything well. Put the address on an interface, or into \`static_ipaddress\`. Virtual
addresses are fine on the Master.`,
  keepalived: 'silent',
  bad: exampleWith('198.51.100.7'),
  good: exampleWith('192.0.2.1'),
  check: (file, host, report) => {
    if (worksElsewhere(file)) return;
    const own = new Set([...addressesHere(file, host), ...staticAddresses(file.root)]);
    const used = new Set(file.virtualServers.map(({ values }) => values.value('laddr_group_name')));
    for (const { value: group, entries } of file.root.all('local_address_group')) {
      if (!used.has(group)) continue;
      for (const { value: range, span } of entries) {
        const missing = addressesOfRange(range.first, range.last, mostOfRange).filter(
          (address) => !own.has(address),
        );
        const [first] = missing;
        if (first === undefined) continue;
        report({
          at: span,
          message: `${textOf(missing)} of local_address_group ${group} ${missing.length === 1 ? 'is no address' : 'are no addresses'} of this machine: connections by FULLNAT that get ${missing.length === 1 ? 'it' : 'one of them'} are never answered`,
          help: `add ${first} to an interface or to static_ipaddress, or write addresses that this machine has`,
        });
      }
    }
  },
});

function exampleWith(local: string): string {
  const group = `local_address_group inside {
    ${local}
}
virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind FULLNAT
    laddr_group_name inside
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}`;
  return instance({ below: group });
}

/** Of a longer one only the beginning is looked at. */
const mostOfRange = 256;

/** keepalived.conf(5): static_ipaddress, which this file puts there itself. */
function staticAddresses(root: FileModel['root']): readonly IpAddress[] {
  return root.entries('static_ipaddress').map(({ value }) => value.address);
}

function textOf(missing: readonly IpAddress[]): string {
  const [first = '', ...others] = missing;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
