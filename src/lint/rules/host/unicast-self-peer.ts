import { hostRule } from '../../rule.ts';
import { instance } from './example.ts';
import { ownAddresses, worksElsewhere } from './interfaces.ts';

const peers = (peer: string) => ['unicast_src_ip 192.0.2.1', 'unicast_peer {', `    ${peer}`, '}'];

/** keepalived.conf(5): unicast_peer: the other routers. */
export const hostUnicastSelfPeer = hostRule({
  name: 'host/unicast-self-peer',
  level: 'error',
  summary: 'An address of this machine stands in unicast_peer',
  details: `\`unicast_peer\` lists the other directors. A director that lists an address of its own sends its advertisements
to itself, and hears nothing of what it believes to be the other. It mostly comes from one file for both directors, or from
copying the wrong one. \`vrrp/unicast-self-peer\` compares with \`unicast_src_ip\`; this compares with all addresses that the
machine has.`,
  keepalived: 'silent',
  bad: instance({ lines: peers('192.0.3.1') }),
  good: instance(),
  check: (file, host, report) => {
    if (worksElsewhere(file)) return;
    const places = new Map(
      host.interfaces.flatMap((found) =>
        ownAddresses(file, found).map(({ address }) => [address, found.name] as const),
      ),
    );
    for (const { unicastPeers, source, name } of file.instances) {
      for (const { value, span } of unicastPeers) {
        const device = places.get(value.address);
        // One cause, one finding: that one needs no machine.
        if (device === undefined || value.address === source) continue;
        report({
          at: span,
          message: `${value.address} is on ${device} of this machine: ${name} advertises to itself, and not to the other director`,
          help: 'write the address of the other director',
        });
      }
    }
  },
});
