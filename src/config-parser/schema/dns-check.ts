/** keepalived.conf(5): DNS_CHECK. A name server that answers without an error is up; what it answers is not looked at. */
import { type Argument, choiceOfAnyCase } from './arguments.ts';
import { checkerConnection, checkerTiming } from './checker-common.ts';
import { acts, defineBlock } from './schema.ts';

/** The types that keepalived knows by name; PTR, SRV and ANY are not among them. */
export const dnsType = choiceOfAnyCase('A', 'NS', 'CNAME', 'SOA', 'MX', 'TXT', 'AAAA', 'RRSIG', 'DNSKEY');

/** RFC 1035 section 2.3.4. */
const longestLabel = 63;
const longestName = 253;

/** A name to ask for; `.` is the root. */
export const domainName: Argument<string> = {
  expects: `a domain name of at most ${longestName} characters, whose labels have 1 to ${longestLabel}`,
  syntax: '<domain>',
  samples: {
    good: ['.', 'example.org', 'example.org.', '_ldap._tcp.example.org'],
    bad: ['', '""', 'a..b', '.example.org', `${'a'.repeat(64)}.example`],
  },
  parse: ([word]) => {
    if (word === undefined) return { ok: false };
    return isDomainName(word.value) ? { ok: true, value: word.value, used: 1 } : { ok: false, word };
  },
};

function isDomainName(name: string): boolean {
  if (name === '.') return true;
  const labels = name.replace(/\.$/, '').split('.');
  return name.length <= longestName && labels.every((label) => label !== '' && label.length <= longestLabel);
}

export const dnsCheck = defineBlock('DNS_CHECK', {
  ...checkerTiming,
  ...checkerConnection,
  retry: { ...checkerTiming.retry, default: '3' },
  delay_before_retry: { ...checkerTiming.delay_before_retry, default: 'delay_loop' },
  type: acts(dnsType, 'Type of record to ask for, in capitals or not', { default: 'SOA' }),
  name: acts(domainName, 'Name to ask for', { default: '.' }),
});
