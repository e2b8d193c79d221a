/** RFC 9568: what it changes in RFC 5798, its verified errata among it. Where the two differ, which of them we follow. */
import { departs, follows, followsAs, notOurs, type Requirement } from './requirement.ts';

const checks = 'src/vrrp/reception-checks.ts';
const reception = 'src/vrrp/reception.ts';
const migration = notOurs(
  'host',
  'an instance speaks one version, as in keepalived: sending both is optional in the RFC and is not offered',
);

export const changeRequirements: readonly Requirement[] = [
  {
    id: '9568-1.2-words',
    level: 'rule',
    summary: 'Master is called Active, and so are its timers',
    verdict: departs(
      'keepalived.conf and those who use it say Master, and so do we',
      'src/vrrp/messages.ts',
      'RFC 9568 says Active where RFC 3768, keepalived and we say Master',
    ),
    oneSided: 'a word refuses nothing',
  },
  {
    id: '9568-1.2-media',
    level: 'rule',
    summary: 'FDDI, Token Ring and ATM are no longer described',
    verdict: followsAs('announcements are Ethernet frames'),
    elsewhere: {
      does: [
        {
          file: 'test/net/announcements.test.ts',
          title: 'an Ethernet frame is destination, source, type, payload',
        },
      ],
      refuses: [
        {
          file: 'test/net/announcements.test.ts',
          title: 'with a hardware address that is not 6 bytes long is refused',
        },
      ],
    },
  },
  {
    id: '9568-2.5',
    level: 'SHOULD',
    summary: 'Routers that go back and forth because their packets are late is logged',
    verdict: followsAs('as dual master, and as a pause of our own process; each with a counter'),
    elsewhere: {
      does: [
        {
          file: 'test/integration/network/dual-master.test.ts',
          title:
            'a Master that hears another says since when, and when it has ended announces its address again',
        },
      ],
    },
  },
  {
    id: '9568-5.2.5',
    level: 'MUST',
    summary: 'An advertisement that counts no address is ignored (7.1 too, erratum 8299)',
    verdict: departs(
      'it is heard and reported, as by keepalived: with no_virtual_ipaddress such ones are meant',
      reception,
      'keepalived.conf(5): no_virtual_ipaddress',
    ),
  },
  {
    id: '9568-5.2.8',
    level: 'rule',
    summary: 'Over IPv4 the checksum covers the message alone, over IPv6 a pseudo-header too',
    verdict: departs(
      'RFC 5798 is followed, as keepalived does: one would not hear the other; v3_checksum_as_v2 follows this one',
      'src/vrrp/packet.ts',
      '`message`: nothing, as RFC 9568 section 5.2.8 and many vendors',
    ),
  },
  {
    id: '9568-5.2.9-first',
    level: 'MUST',
    summary: 'The first address over IPv6 is the link-local one; others are discarded (erratum 8300)',
    verdict: departs(
      'as 5798-5.2.9-first: keepalived sends and hears others',
      reception,
      'the first one of IPv6 is not link-local',
    ),
  },
  {
    id: '9568-5.2.9-family',
    level: 'MUST',
    summary: 'The addresses have the family of the IP header',
    verdict: follows,
  },
  {
    id: '9568-5.2.9-order',
    level: 'should',
    summary: 'All routers name the addresses in the same order',
    verdict: followsAs('that of the configuration; of a peer another order is accepted without a word'),
  },
  {
    id: '9568-6.1-accept-mode',
    level: 'rule',
    summary: 'Accept_Mode stays false by default',
    verdict: departs(
      'true by default, as 5798-6.1-accept-mode',
      'src/config-parser/resolve-behaviour.ts',
      "RFC 5798 section 6.1: Accept_Mode, which is off unless told otherwise; keepalived's is on",
    ),
  },
  {
    id: '9568-6.1-interval',
    level: 'rule',
    summary: 'Advertisement_Interval is 1 to 4095 centiseconds (erratum 8301)',
    verdict: follows,
  },
  {
    id: '9568-6.4.1-announce',
    level: 'rule',
    summary: 'The gratuitous ARP names the virtual address, at the virtual MAC (errata 7947 and 7949)',
    verdict: departs(
      'the MAC address is that of the interface that has the address; with use_vmac it is the virtual one. In a request the target has no meaning and is as keepalived sends it',
      'src/net/arp.ts',
      'The target hardware address has no meaning in a request',
    ),
  },
  {
    id: '9568-6.4.2-skew-time',
    level: 'MUST',
    summary: 'A Backup that adopts an interval computes Skew_Time anew too',
    verdict: follows,
  },
  {
    id: '9568-6.4.3-router-flag',
    level: 'MUST',
    summary: 'Answers to neighbour solicitations have the router flag',
    verdict: notOurs('kernel', 'the kernel answers, with the flag where the interface forwards'),
  },
  {
    id: '9568-6.4.3-compare',
    level: 'rule',
    summary: 'Of equal priorities the address decides as an unsigned number in network byte order',
    verdict: follows,
  },
  {
    id: '9568-6.4.3-assert',
    level: 'MUST',
    summary:
      'Master hears a lower priority, or an equal one from a lower address: discard it and advertise at once, the Adver_Timer as it was',
    verdict: followsAs(
      'RFC 5798 says nothing of it, and lower_prio_no_advert and strict mode follow that one',
    ),
  },
  {
    id: '9568-7.1-type',
    level: 'MUST',
    summary: 'The receiver verifies that the type is 1',
    verdict: follows,
  },
  {
    id: '9568-7.1-interval-zero',
    level: 'MUST',
    summary: 'The receiver verifies that the interval is not zero (erratum 8301)',
    verdict: follows,
  },
  {
    id: '9568-7.1-owner',
    level: 'SHOULD',
    summary: 'An owner that hears an owner logs it, and does not discard (erratum 8298)',
    verdict: departs(
      'where RFC 5798 discards we follow this; owner_ignore_adverts and strict mode follow that one',
      checks,
      'RFC 5798 section 7.1 asks an owner to discard',
    ),
  },
  {
    id: '9568-7.1-interval-differs',
    level: 'SHOULD',
    summary: 'An interval that is not the configured one is logged and the packet is not discarded',
    verdict: followsAs('by whoever adopts it'),
  },
  {
    id: '9568-7.1-rate',
    level: 'SHOULD',
    summary: 'What is logged of received packets is limited in its rate',
    verdict: followsAs('once of each kind until the state or the Master changes'),
  },
  {
    id: '9568-7.4',
    level: 'MUST NOT',
    summary: 'The virtual MAC is no input of interface identifiers (RFC 7217, RFC 8981)',
    verdict: followsAs('the macvlan makes no address of its own'),
    elsewhere: {
      does: [
        {
          file: 'test/kernel/virtual-link.test.ts',
          title: 'that forbids a generated address says so to IPv6',
        },
      ],
      refuses: [
        {
          file: 'test/integration/kernel/virtual-links.test.ts',
          title: 'a macvlan of IPv4 that holds addresses of IPv6 has IPv6, and makes no address of its own',
        },
      ],
    },
  },
  {
    id: '9568-8.1.2-boot',
    level: 'MUST',
    summary: 'At start gratuitous ARP waits for the address and the virtual MAC; RFC 5798 says SHOULD',
    verdict: followsAs('as 5798-8.1.2-boot'),
  },
  {
    id: '9568-8.1.3',
    level: 'MUST',
    summary: 'Proxy ARP answers with the virtual router MAC; RFC 5798 says must',
    verdict: notOurs('kernel', 'as 5798-8.1.3'),
  },
  {
    id: '9568-8.2.2-boot',
    level: 'MUST',
    summary: 'At start neighbour discovery waits for the address and the virtual MAC; RFC 5798 says must',
    verdict: followsAs('as 5798-8.2.2-boot'),
  },
  {
    id: '9568-8.2.3',
    level: 'MUST',
    summary: 'Backups send the same options in router advertisements as the owner; RFC 5798 says must',
    verdict: notOurs('host', 'as 5798-8.2.3-same'),
  },
  {
    id: '9568-8.2.4',
    level: 'SHOULD',
    summary: 'Unsolicited neighbour advertisements of others are taken into the cache, in any state',
    verdict: notOurs(
      'kernel',
      "the neighbour cache is the kernel's; we read them for claims of our addresses alone",
    ),
  },
  {
    id: '9568-8.3.2-owners',
    level: 'SHOULD',
    summary: 'Several routers that advertise priority 255 are logged, at a limited rate',
    verdict: follows,
  },
  {
    id: '9568-8.4.2',
    level: 'MUST',
    summary:
      'Mixed operation: a Master sends both versions at its rate, and a Backup waits by the rate it hears',
    verdict: migration,
  },
  {
    id: '9568-9',
    level: 'SHOULD',
    summary: 'IPv6 links are protected as RFC 9099 section 2.3 describes',
    verdict: notOurs('host', 'it is for the switches and hosts of the network'),
  },
];
