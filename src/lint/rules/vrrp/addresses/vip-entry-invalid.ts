import type { Diagnostic } from '../../../../config-parser/index.ts';
import { diagnosticRule } from '../../../rule.ts';
import { isInAddressList } from './address-places.ts';
import { holding } from './example.ts';

/** keepalived.conf(5): virtual_ipaddress: what may stand on a line. */
export const vipEntryInvalid = diagnosticRule({
  name: 'vrrp/vip-entry-invalid',
  level: 'error',
  summary: 'A line of an address list that cannot be used as it is',
  details: `A line of \`virtual_ipaddress\` is an address, a prefix length, and options: \`dev\`, \`brd\`, \`scope\`, \`label\`,
\`peer\` and a few words without a value. A line whose address cannot be read is dropped, and nobody holds that address; a
wrong prefix length becomes a single address's; other options that are wrong are ignored, or the address is dropped with
them. The daemon runs on in each case, so this is easily missed until a failover.`,
  keepalived: 'reports',
  bad: holding('192.0.2.10/24', '192.0.2.300/24', '192.0.2.11/33', '192.0.2.12/24 scope world'),
  good: holding('192.0.2.10/24', '192.0.2.11/24 dev eth0 scope link label eth0:vip'),
  claims: (diagnostic, file) => isAboutEntry(diagnostic) && isInAddressList(diagnostic, file),
  improve: ({ message }) =>
    message.startsWith('an entry ') ? { message: `${message}, and nobody holds that address` } : {},
});

/** A second address on a line has a rule of its own, which is not only about addresses. */
function isAboutEntry({ code, help }: Diagnostic): boolean {
  return code === 'invalid-value' || (code === 'unknown-option' && help === undefined);
}
