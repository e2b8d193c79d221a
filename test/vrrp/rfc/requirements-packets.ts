/** RFC 5798 sections 5 and 7.1: what is on the wire, and what is taken from it. */
import { departs, follows, followsAs, notOurs, type Requirement } from './requirement.ts';

const sockets = 'test/integration/network/vrrp-socket.test.ts';
const checks = 'src/vrrp/reception-checks.ts';
const reception = 'src/vrrp/reception.ts';
const inTheirOrder = 'which keepalived makes the checks';

export const packetRequirements: readonly Requirement[] = [
  {
    id: '5798-5.1.1.2',
    level: 'MUST NOT',
    summary: 'A router does not forward what is sent to 224.0.0.18, whatever its TTL',
    verdict: notOurs('kernel', 'Linux routes no link-local multicast, and nothing of ours forwards'),
  },
  {
    id: '5798-5.1.1.3-send',
    level: 'MUST',
    summary: 'Advertisements over IPv4 leave with TTL 255',
    verdict: followsAs('to unicast peers, which the RFC does not know, with unicast_ttl'),
    elsewhere: {
      does: [
        {
          file: sockets,
          title: 'delivers an advertisement with its source, destination, TTL 255 and length',
        },
      ],
    },
  },
  {
    id: '5798-5.1.1.3-receive',
    level: 'MUST',
    summary: 'An advertisement over IPv4 with another TTL is discarded',
    verdict: departs(
      'a unicast peer may be beyond a router: min_ttl and max_ttl say what is expected of it',
      checks,
      'A unicast peer may be on another.',
    ),
  },
  {
    id: '5798-5.1.1.4',
    level: 'rule',
    summary: 'The IP protocol number is 112',
    verdict: followsAs('51 in front of it with auth_type AH, which is of version 2'),
  },
  {
    id: '5798-5.1.2.2',
    level: 'MUST NOT',
    summary: 'A router does not forward what is sent to ff02::12, whatever its Hop Limit',
    verdict: notOurs('kernel', 'Linux routes no link-local multicast, and nothing of ours forwards'),
  },
  {
    id: '5798-5.1.2.3-send',
    level: 'MUST',
    summary: 'Advertisements over IPv6 leave with Hop Limit 255',
    verdict: follows,
    elsewhere: {
      does: [
        {
          file: sockets,
          title:
            'delivers an advertisement with its source, destination and hop limit, and fills in the checksum',
        },
      ],
    },
  },
  {
    id: '5798-5.1.2.3-receive',
    level: 'MUST',
    summary: 'An advertisement over IPv6 with another Hop Limit is discarded',
    verdict: departs('as 5798-5.1.1.3-receive', checks, 'A unicast peer may be on another.'),
  },
  {
    id: '5798-5.2.2',
    level: 'MUST',
    summary: 'A packet of a type other than 1, ADVERTISEMENT, is discarded',
    verdict: follows,
  },
  {
    id: '5798-5.2.3',
    level: 'rule',
    summary: 'The VRID names the virtual router: 1 to 255, without a default',
    verdict: follows,
  },
  {
    id: '5798-5.2.4-owner',
    level: 'MUST',
    summary: 'The router that owns the addresses has priority 255',
    verdict: followsAs('who owns them is what priority 255 says; nothing that is tracked changes it'),
  },
  {
    id: '5798-5.2.4-backup',
    level: 'MUST',
    summary: 'A router that backs up the owner has a priority from 1 to 254',
    verdict: followsAs('also when weights of what is tracked are added; 100 by default'),
  },
  {
    id: '5798-5.2.4-zero',
    level: 'rule',
    summary: 'Priority 0 says that the Master takes no further part',
    verdict: follows,
  },
  {
    id: '5798-5.2.5',
    level: 'rule',
    summary: 'The packet says how many addresses it names, at least one',
    verdict: departs(
      'with no_virtual_ipaddress, as in keepalived, an instance has none and elects a Master all the same',
      reception,
      'keepalived.conf(5): no_virtual_ipaddress',
    ),
  },
  {
    id: '5798-5.2.6',
    level: 'MUST',
    summary: 'The four reserved bits are sent as zero and ignored when received',
    verdict: follows,
  },
  {
    id: '5798-5.2.7',
    level: 'rule',
    summary: 'The interval is 12 bits of centiseconds, 100 by default',
    verdict: follows,
  },
  {
    id: '5798-5.2.8',
    level: 'rule',
    summary: 'The checksum covers the message and a pseudo-header, over IPv4 too',
    verdict: followsAs('v3_checksum_as_v2 leaves the pseudo-header out over IPv4; see 9568-5.2.8'),
  },
  {
    id: '5798-5.2.9-first',
    level: 'must',
    summary: 'The first address over IPv6 is the link-local one of the virtual router',
    verdict: departs(
      'as in keepalived another order is an error in strict mode alone, else a finding of lint; such packets are heard',
      reception,
      'the first one of IPv6 is not link-local',
    ),
  },
  {
    id: '5798-5.2.9-family',
    level: 'MUST NOT',
    summary: 'A packet does not name addresses of both families',
    verdict: follows,
  },
  {
    id: '5798-7.1-hop-limit',
    level: 'MUST',
    summary: 'The receiver verifies that TTL or Hop Limit is 255',
    verdict: departs('as 5798-5.1.1.3-receive', checks, 'A unicast peer may be on another.'),
  },
  {
    id: '5798-7.1-version',
    level: 'MUST',
    summary: 'The receiver verifies that the version is 3',
    verdict: followsAs('an instance of version 2 verifies that it is 2'),
  },
  {
    id: '5798-7.1-complete',
    level: 'MUST',
    summary: 'The receiver verifies that the packet is complete, with all the addresses that it counts',
    verdict: follows,
  },
  {
    id: '5798-7.1-checksum',
    level: 'MUST',
    summary: 'The receiver verifies the checksum',
    verdict: follows,
  },
  {
    id: '5798-7.1-vrid',
    level: 'MUST',
    summary: 'The receiver verifies that the VRID is one that it has on that interface',
    verdict: follows,
  },
  {
    id: '5798-7.1-owner',
    level: 'MUST',
    summary: 'The receiver verifies that it does not own the addresses',
    verdict: departs(
      'two owners would never learn of each other; owner_ignore_adverts does as this RFC says; see 9568-7.1-owner',
      checks,
      'RFC 5798 section 7.1 asks an owner to discard',
    ),
  },
  {
    id: '5798-7.1-discard',
    level: 'MUST',
    summary: 'A packet that fails a check is discarded',
    verdict: departs(
      "the checks are the RFC's; their order, which decides the counter, is keepalived's",
      reception,
      inTheirOrder,
    ),
  },
  {
    id: '5798-7.1-log',
    level: 'SHOULD',
    summary: 'What was discarded is logged',
    verdict: followsAs('once of each kind until the state or the Master changes; the counters have all'),
  },
  {
    id: '5798-7.1-addresses',
    level: 'SHOULD',
    summary: 'An address list that is not the configured one, where it is looked at, is logged',
    verdict: followsAs('and the advertisement is accepted'),
  },
];
