import { fileRule } from '../../../rule.ts';
import { isLinkLocal } from '../../pair/network.ts';
import { holding, instanceText } from './example.ts';

/** RFC 5798 section 5.2.9: the first address must be the link-local one of the virtual router. */
export const v6FirstVipNotLinkLocal = fileRule({
  name: 'vrrp/v6-first-vip-not-link-local',
  level: 'warn',
  summary: 'The first address of an IPv6 instance is not link-local',
  details: `With IPv6 the first address of an advertisement is to be the link-local address of the virtual router: hosts name
a gateway by its link-local address, and a virtual router without one cannot be a gateway that moves. keepalived goes on
without it and says so in its log only; in strict mode it refuses the instance. Write an address such as \`fe80::10/64\` into
the first line, the same on all directors.`,
  keepalived: 'logs',
  bad: instanceText({ lines: ['strict_mode'], addresses: ['2001:db8::10/64'] }),
  good: holding('fe80::10/64', '2001:db8::10/64'),
  check: ({ instances }, report) => {
    for (const { addresses, family, isStrict, name } of instances) {
      const [first] = addresses;
      if (first === undefined || family !== 6 || isLinkLocal(first.value.address)) continue;
      const outcome = isStrict
        ? 'strict mode does not allow that'
        : 'as a gateway for hosts the virtual router has no address that moves with it';
      report({
        at: first.heading,
        message: `the first address of ${name}, ${first.value.address}, is not link-local: ${outcome}`,
        help: 'write a link-local address, such as "fe80::10/64", into the line before it',
        ...(isStrict && { level: 'error' }),
      });
    }
  },
});
