/** RFC 5798 sections 7.2 to 8: what a Master sends, and how a virtual router lives on a network. */
import { departs, follows, followsAs, notOurs, type Requirement, type Verdict } from './requirement.ts';

const sockets = 'test/integration/network/vrrp-socket.test.ts';
const conditions = 'test/daemon/vrrp-process/interface-condition.test.ts';
const links = 'test/integration/kernel/virtual-links.test.ts';
const onlyWithVmac = departs(
  "with use_vmac; without, as keepalived's, it is the MAC address of the interface, and announcements tell who has it now",
  'src/vrrp/placement.ts',
  'RFC 5798 section 7.2 wants it as the source',
);
const sendsNoRouterAdvertisements: Verdict = notOurs(
  'host',
  'router advertisements are a program of their own, as with keepalived',
);
const migration = notOurs(
  'host',
  'an instance speaks one version, as in keepalived: sending both is optional in the RFC and is not offered',
);

export const sendingRequirements: readonly Requirement[] = [
  {
    id: '5798-7.2-fields',
    level: 'MUST',
    summary: 'The fields of an advertisement are those of the configuration, with the effective priority',
    verdict: follows,
  },
  {
    id: '5798-7.2-checksum',
    level: 'MUST',
    summary: 'The sender computes the checksum',
    verdict: followsAs('over IPv6 the kernel fills it in'),
  },
  {
    id: '5798-7.2-mac',
    level: 'MUST',
    summary: 'The source MAC address is that of the virtual router',
    verdict: onlyWithVmac,
    elsewhere: {
      does: [
        {
          file: 'test/integration/network/vmac.test.ts',
          title: 'lb01 runs %s, lb02 %s, %s: the addresses go to lb02 and come back by the same MAC address',
        },
      ],
    },
  },
  {
    id: '5798-7.2-source-ipv4',
    level: 'MUST',
    summary: 'Over IPv4 the source is the primary address of the interface',
    verdict: followsAs('or what mcast_src_ip or unicast_src_ip says'),
    elsewhere: {
      does: [
        {
          file: conditions,
          title:
            'an interface that is up, running and has an address lets the instance run from that address',
        },
      ],
      refuses: [
        {
          file: conditions,
          title:
            'a virtual address left by a killed run is not taken as the source, even where it comes first',
        },
      ],
    },
  },
  {
    id: '5798-7.2-source-ipv6',
    level: 'MUST',
    summary: 'Over IPv6 the source is the link-local address of the interface',
    verdict: followsAs('or what mcast_src_ip or unicast_src_ip says'),
    elsewhere: {
      does: [
        {
          file: conditions,
          title: 'an IPv6 instance takes the link-local address, and not while it is tentative',
        },
      ],
      refuses: [
        {
          file: conditions,
          title: 'an IPv6 instance takes the link-local address, and not while it is tentative',
        },
      ],
    },
  },
  {
    id: '5798-7.2-protocol',
    level: 'MUST',
    summary: 'The IP protocol is VRRP',
    verdict: followsAs('behind an Authentication Header with auth_type AH'),
    elsewhere: {
      does: [{ file: sockets, title: 'sends with TOS 0xc0 and what tcpdump takes for VRRP' }],
    },
    oneSided: 'a socket of one protocol sends no other',
  },
  {
    id: '5798-7.2-group',
    level: 'MUST',
    summary: 'Advertisements are sent to the multicast group of VRRP',
    verdict: followsAs('or to another group (mcast_dst_ip), or to unicast_peer, which strict mode forbids'),
  },
  {
    id: '5798-7.3',
    level: 'rule',
    summary: 'The virtual router MAC is 00-00-5E-00-01-VRID for IPv4 and 00-00-5E-00-02-VRID for IPv6',
    verdict: follows,
  },
  {
    id: '5798-7.4-normal',
    level: 'MUST',
    summary: 'Interface identifiers are made in the usual manner',
    verdict: notOurs('kernel', 'the interface makes its own; we make none'),
  },
  {
    id: '5798-7.4-not-mac',
    level: 'MUST NOT',
    summary: 'No interface identifier is made of the virtual router MAC',
    verdict: follows,
    elsewhere: {
      does: [
        {
          file: links,
          title: 'a macvlan of IPv6 has the link-local address of its base, for advertisements alone',
        },
      ],
      refuses: [
        {
          file: links,
          title: 'a macvlan of IPv4 that holds addresses of IPv6 has IPv6, and makes no address of its own',
        },
      ],
    },
  },
];

export const operationRequirements: readonly Requirement[] = [
  {
    id: '5798-8.1.1',
    level: 'should',
    summary: 'The source of an ICMP redirect is the address that the host chose as its next hop',
    verdict: notOurs('kernel', 'the kernel sends redirects, from an address of the interface'),
  },
  {
    id: '5798-8.1.2-answer',
    level: 'MUST NOT',
    summary: 'A Master does not answer ARP requests for virtual addresses with its physical MAC address',
    verdict: onlyWithVmac,
    elsewhere: {
      does: [
        {
          file: 'test/integration/network/vmac.test.ts',
          title: 'lb01 runs %s, lb02 %s, %s: the addresses go to lb02 and come back by the same MAC address',
        },
      ],
    },
  },
  {
    id: '5798-8.1.2-restart',
    level: 'SHOULD NOT',
    summary: 'After a start no ARP message tells a physical MAC address for a virtual address',
    verdict: onlyWithVmac,
  },
  {
    id: '5798-8.1.2-announce',
    level: 'should',
    summary:
      'An address that is configured on an interface is announced by gratuitous ARP with the virtual MAC',
    verdict: onlyWithVmac,
  },
  {
    id: '5798-8.1.2-boot',
    level: 'SHOULD',
    summary: 'At start no ARP is sent until the address and the virtual MAC are there',
    verdict: followsAs('macvlans are made before any instance starts'),
  },
  {
    id: '5798-8.1.2-management',
    level: 'SHOULD',
    summary: "A router itself is reached by an address of its own, not by the virtual router's",
    verdict: notOurs('host', 'it is for those who connect to the router'),
  },
  {
    id: '5798-8.1.3',
    level: 'must',
    summary: 'Proxy ARP answers with the virtual router MAC',
    verdict: notOurs('kernel', 'the kernel answers by proxy_arp, with the MAC address of the interface'),
  },
  {
    id: '5798-8.2.1',
    level: 'should',
    summary: 'The source of an ICMPv6 redirect is the address that the host chose as its next hop',
    verdict: notOurs('kernel', 'the kernel sends redirects, from its link-local address'),
  },
  {
    id: '5798-8.2.2-answer',
    level: 'MUST NOT',
    summary: 'A Master does not answer neighbour solicitations with its physical MAC address',
    verdict: onlyWithVmac,
    elsewhere: {
      does: [
        {
          file: 'test/integration/network/vmac.test.ts',
          title: 'lb01 runs %s, lb02 %s, %s: the addresses go to lb02 and come back by the same MAC address',
        },
      ],
    },
  },
  {
    id: '5798-8.2.2-solicit',
    level: 'MUST',
    summary: 'A neighbour solicitation of a Master has the virtual MAC as its source link-layer address',
    verdict: notOurs('kernel', 'the kernel asks by the interface that its routes name'),
  },
  {
    id: '5798-8.2.2-not-physical',
    level: 'MUST NOT',
    summary: 'and not the physical one',
    verdict: notOurs('kernel', 'as 5798-8.2.2-solicit'),
  },
  {
    id: '5798-8.2.2-restart',
    level: 'SHOULD NOT',
    summary:
      'After a start no message of neighbour discovery tells a physical MAC address for a virtual address',
    verdict: onlyWithVmac,
  },
  {
    id: '5798-8.2.2-announce',
    level: 'should',
    summary: 'An address that is configured on an interface is announced to all nodes with the virtual MAC',
    verdict: onlyWithVmac,
  },
  {
    id: '5798-8.2.2-boot',
    level: 'must',
    summary: 'At start no neighbour discovery is sent until the address and the virtual MAC are there',
    verdict: followsAs('macvlans are made before any instance starts'),
  },
  {
    id: '5798-8.2.3-same',
    level: 'must',
    summary: 'Backups send the same options in router advertisements as the owner',
    verdict: sendsNoRouterAdvertisements,
  },
  {
    id: '5798-8.2.3-special',
    level: 'should not',
    summary: 'Router advertisements offer no service that a Backup cannot take over',
    verdict: sendsNoRouterAdvertisements,
  },
  {
    id: '5798-8.3.1',
    level: 'SHOULD NOT',
    summary: 'A Master that is not the owner does not forward packets to the virtual addresses',
    verdict: followsAs(
      'they are addresses of this host while it is Master: the kernel delivers or drops, it never forwards',
    ),
  },
  {
    id: '5798-8.3.2-one-owner',
    level: 'should',
    summary: 'No more than one router of a VRID has priority 255',
    verdict: followsAs('lint looks at both routers, and two owners that meet say so'),
  },
  {
    id: '5798-8.3.2-spread',
    level: 'should',
    summary: 'The priorities of several Backups are spread, so that one of them takes over alone',
    verdict: followsAs('pair/equal-priority of lint looks at both routers'),
    elsewhere: {
      does: [
        {
          file: 'test/lint/rules.test.ts',
          title: 'reports what its bad example shows, in the words of its golden file',
        },
      ],
      refuses: [{ file: 'test/lint/rules.test.ts', title: 'reports nothing in its good example' }],
    },
  },
  {
    id: '5798-8.4.2-upgrade',
    level: 'SHOULD NOT',
    summary: 'Versions 2 and 3 are not mixed for good',
    verdict: migration,
  },
  {
    id: '5798-8.4.2-rate',
    level: 'SHOULD',
    summary: 'Mixed operation: a Backup waits by the rate that the Master advertises',
    verdict: migration,
  },
  {
    id: '5798-8.4.2-ignore',
    level: 'SHOULD',
    summary: 'Mixed operation: version 2 of a Master that sends version 3 too is ignored',
    verdict: followsAs('an instance hears its own version alone'),
  },
  {
    id: '5798-8.4.3.1',
    level: 'SHOULD NOT',
    summary: 'A router of version 2 has no higher priority than one that advertises faster than every second',
    verdict: migration,
  },
];
