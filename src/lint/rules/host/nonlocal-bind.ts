import { familyOf, parseAddress } from '../../../net/address.ts';
import { hostRule } from '../../rule.ts';
import { instance, service } from './example.ts';
import { virtualAddresses } from './interfaces.ts';
import { forEachGiven } from './walk.ts';

/** ip-sysctl of the kernel: ip_nonlocal_bind. */
export const nonlocalBind = hostRule({
  name: 'host/nonlocal-bind',
  level: 'warn',
  summary: 'Checks come from a virtual address, which a Backup does not have',
  details: `A check with \`bindto\` and a virtual address of the same file works only on the Master. On the Backup the address
is not there, every check fails, and all real servers count as down: at a failover the new Master begins without any. Use
the director's own address, or none. \`net.ipv4.ip_nonlocal_bind = 1\` lets a socket be bound all the same, but the answers
go to the Master; it helps a server program that listens at the virtual address, not a check.`,
  keepalived: 'silent',
  exampleHost: { sysctl: () => '0' },
  bad: `${instance()}${service('DR', ['bindto 192.0.2.10'])}`,
  good: `${instance()}${service('DR', ['bindto 192.0.2.1'])}`,
  check: (file, host, report) => {
    const virtual = virtualAddresses(file);
    const told = new Set<string>();
    forEachGiven(file.root, ({ keyword, value, span }) => {
      if (keyword !== 'bindto' || typeof value !== 'string' || !virtual.has(value) || told.has(value)) return;
      told.add(value);
      const address = parseAddress(value);
      const sysctl = address !== undefined && familyOf(address) === 6 ? ipv6 : ipv4;
      const cause =
        host.sysctl(sysctl) === '1'
          ? `${sysctl} lets the Backup send from it, but the answers go to the Master`
          : 'the Backup does not have it';
      report({
        at: span,
        message: `${value} is a virtual address, and ${cause}: checks fail there, and after a failover all real servers are down at first`,
        help: "delete the line, or write the director's own address",
      });
    });
  },
});

const ipv4 = 'net.ipv4.ip_nonlocal_bind';
const ipv6 = 'net.ipv6.ip_nonlocal_bind';
