/** RFC 5798 sections 6.1 to 6.4.1: parameters, timers, and the state Initialize. */
import { departs, follows, followsAs, type Requirement } from './requirement.ts';

const firewallInNamespaces = 'test/integration/network/firewall.test.ts';

export const parameterRequirements: readonly Requirement[] = [
  {
    id: '5798-6.1-skew-time',
    level: 'rule',
    summary: 'Skew_Time is (256 - Priority) * Master_Adver_Interval / 256',
    verdict: followsAs('of the effective priority, not rounded to centiseconds; of one second in version 2'),
  },
  {
    id: '5798-6.1-master-down-interval',
    level: 'rule',
    summary: 'Master_Down_Interval is three Master_Adver_Intervals and Skew_Time',
    verdict: followsAs('down_timer_adverts may replace the three'),
  },
  {
    id: '5798-6.1-preempt-mode',
    level: 'rule',
    summary: 'Preempt_Mode is true by default, and the owner preempts whatever it says',
    verdict: follows,
  },
  {
    id: '5798-6.1-accept-mode',
    level: 'rule',
    summary: 'Accept_Mode is false by default, and says nothing to the owner',
    verdict: departs(
      "true by default, as keepalived's: directors serve on their virtual addresses; false in strict mode",
      'src/config-parser/resolve-behaviour.ts',
      "RFC 5798 section 6.1: Accept_Mode, which is off unless told otherwise; keepalived's is on",
    ),
  },
  {
    id: '5798-6.1-neighbour-discovery',
    level: 'MUST NOT',
    summary: 'Neighbour solicitations and advertisements are not dropped where Accept_Mode is false',
    verdict: follows,
    elsewhere: {
      does: [
        {
          file: firewallInNamespaces,
          title: 'nothing sent to %s is taken in, and what is sent to %s is',
        },
      ],
    },
  },
  {
    id: '5798-6.4-each',
    level: 'rule',
    summary: 'Each virtual router has a state machine of its own, as have the families of one VRID',
    verdict: follows,
    elsewhere: {
      does: [
        {
          file: 'test/integration/network/advertisement-sockets.test.ts',
          title: 'with one VRID in IPv4 and IPv6 hear their own family',
        },
      ],
    },
  },
];

export const initializeRequirements: readonly Requirement[] = [
  {
    id: '5798-6.4.1-110',
    level: 'rule',
    summary: 'Initialize, the owner starts: send an ADVERTISEMENT',
    verdict: follows,
  },
  {
    id: '5798-6.4.1-120',
    level: 'rule',
    summary: 'Initialize, the owner starts, IPv4: broadcast a gratuitous ARP for each address',
    verdict: follows,
  },
  {
    id: '5798-6.4.1-130',
    level: 'rule',
    summary:
      'Initialize, the owner starts, IPv6: send an unsolicited neighbour advertisement (R and O set, S not) for each address',
    verdict: departs(
      'flag R is that of the kernel, whose own advertisements would else contradict it',
      'src/net/ndp.ts',
      '`isRouter` says whether the interface forwards packets',
    ),
  },
  {
    id: '5798-6.4.1-140',
    level: 'rule',
    summary: 'Initialize, the owner starts: set the Adver_Timer to Advertisement_Interval',
    verdict: follows,
  },
  {
    id: '5798-6.4.1-145',
    level: 'rule',
    summary: 'Initialize, the owner starts: become Master',
    verdict: followsAs('unless an operator holds it off, or its sync group is not ready'),
  },
  {
    id: '5798-6.4.1-155',
    level: 'rule',
    summary: 'Initialize, anybody else starts: Master_Adver_Interval is Advertisement_Interval',
    verdict: follows,
  },
  {
    id: '5798-6.4.1-160',
    level: 'rule',
    summary: 'Initialize, anybody else starts: set the Master_Down_Timer to Master_Down_Interval',
    verdict: follows,
  },
  {
    id: '5798-6.4.1-165',
    level: 'rule',
    summary: 'Initialize, anybody else starts: become Backup',
    verdict: followsAs('whatever "state" says in the configuration'),
  },
];
