/** RFC 5798 sections 6.4.2 and 6.4.3: Backup and Master. */
import { departs, follows, followsAs, notOurs, type Requirement } from './requirement.ts';

const firewallInNamespaces = 'test/integration/network/firewall.test.ts';
const kernelAnswers = 'addresses are on an interface exactly while Master, and the kernel does the rest';
const lingers = departs(
  'for 20 ms after a better Master was heard, which has sent its advertisement and not yet added the addresses, ours stay',
  'src/vrrp/timers.ts',
  'How long addresses stay after another router has said that it is Master',
);

export const backupRequirements: readonly Requirement[] = [
  {
    id: '5798-6.4.2-310',
    level: 'MUST NOT',
    summary: 'A Backup does not answer ARP requests for the virtual addresses',
    verdict: lingers,
  },
  {
    id: '5798-6.4.2-320',
    level: 'MUST NOT',
    summary: 'A Backup does not answer neighbour solicitations for the virtual addresses',
    verdict: lingers,
  },
  {
    id: '5798-6.4.2-325',
    level: 'MUST NOT',
    summary: 'A Backup sends no router advertisements for the virtual router',
    verdict: notOurs('host', 'we send none in any state: router advertisements are a program of their own'),
  },
  {
    id: '5798-6.4.2-335',
    level: 'MUST',
    summary: 'A Backup discards what is sent to the virtual router MAC',
    verdict: departs(
      'with use_vmac the macvlan is up in Backup too, since it hears the advertisements; switches send nothing there once they have learned where the Master is',
      'src/vrrp/placement.ts',
      'it is there in Backup too',
    ),
    oneSided: 'whether a frame gets there is between the switch and the kernel',
  },
  {
    id: '5798-6.4.2-340',
    level: 'MUST NOT',
    summary: 'A Backup does not accept packets to the virtual addresses',
    verdict: lingers,
  },
  {
    id: '5798-6.4.2-350',
    level: 'MUST',
    summary: 'Backup, shutdown: cancel the Master_Down_Timer',
    verdict: follows,
  },
  {
    id: '5798-6.4.2-355',
    level: 'MUST',
    summary: 'Backup, shutdown: become Initialize',
    verdict: follows,
  },
  {
    id: '5798-6.4.2-370',
    level: 'MUST',
    summary: 'Backup, the Master_Down_Timer fires: send an ADVERTISEMENT',
    verdict: followsAs('a member of a sync group waits until all members are ready'),
  },
  {
    id: '5798-6.4.2-380',
    level: 'MUST',
    summary: 'Backup, the Master_Down_Timer fires, IPv4: broadcast a gratuitous ARP for each address',
    verdict: follows,
  },
  {
    id: '5798-6.4.2-390',
    level: 'MUST',
    summary: 'Backup, the Master_Down_Timer fires, IPv6: join the solicited-node group of each address',
    verdict: followsAs(`the kernel joins as soon as the address is added: ${kernelAnswers}`),
  },
  {
    id: '5798-6.4.2-395',
    level: 'MUST',
    summary:
      'Backup, the Master_Down_Timer fires, IPv6: send an unsolicited neighbour advertisement for each address',
    verdict: departs(
      'flag R is that of the kernel, as at 5798-6.4.1-130',
      'src/net/ndp.ts',
      '`isRouter` says whether the interface forwards packets',
    ),
  },
  {
    id: '5798-6.4.2-405',
    level: 'MUST',
    summary: 'Backup, the Master_Down_Timer fires: set the Adver_Timer to Advertisement_Interval',
    verdict: followsAs('its own, not the one it had adopted'),
  },
  {
    id: '5798-6.4.2-410',
    level: 'MUST',
    summary: 'Backup, the Master_Down_Timer fires: become Master',
    verdict: follows,
    elsewhere: {
      does: [
        {
          file: 'test/integration/network/protocols.test.ts',
          title: '$name: the addresses go to lb02 by a stop and a crash, and come back',
        },
      ],
    },
  },
  {
    id: '5798-6.4.2-430',
    level: 'MUST',
    summary: 'Backup hears priority 0: set the Master_Down_Timer to Skew_Time',
    verdict: follows,
  },
  {
    id: '5798-6.4.2-450',
    level: 'MUST',
    summary:
      'Backup hears a priority that is not lower, or any without Preempt_Mode: Master_Adver_Interval is the one in the packet',
    verdict: followsAs(
      'version 2 has none: there another interval is discarded, as RFC 3768 section 7.1 asks',
    ),
  },
  {
    id: '5798-6.4.2-455',
    level: 'MUST',
    summary: 'Backup, the same: compute Master_Down_Interval anew',
    verdict: follows,
  },
  {
    id: '5798-6.4.2-460',
    level: 'MUST',
    summary: 'Backup, the same: set the Master_Down_Timer to it',
    verdict: follows,
  },
  {
    id: '5798-6.4.2-470',
    level: 'MUST',
    summary: 'Backup with Preempt_Mode hears a lower priority: discard it',
    verdict: followsAs('preempt_delay counts from the first; until it is over that Master is followed'),
  },
];

export const masterRequirements: readonly Requirement[] = [
  {
    id: '5798-6.4.3-610',
    level: 'MUST',
    summary: 'A Master answers ARP requests for the virtual addresses',
    verdict: followsAs(kernelAnswers),
    elsewhere: {
      does: [
        {
          file: 'test/integration/network/protocols.test.ts',
          title: '$name: the addresses go to lb02 by a stop and a crash, and come back',
        },
      ],
    },
  },
  {
    id: '5798-6.4.3-620',
    level: 'MUST',
    summary: 'A Master is in the solicited-node group of each virtual address',
    verdict: followsAs(kernelAnswers),
  },
  {
    id: '5798-6.4.3-625',
    level: 'MUST',
    summary: 'A Master answers neighbour solicitations for the virtual addresses',
    verdict: followsAs(kernelAnswers),
    elsewhere: {
      does: [
        {
          file: 'test/integration/network/protocols.test.ts',
          title: '$name: the addresses go to lb02 by a stop and a crash, and come back',
        },
      ],
    },
  },
  {
    id: '5798-6.4.3-630',
    level: 'MUST',
    summary: 'A Master sends router advertisements for the virtual router',
    verdict: notOurs(
      'host',
      'as with keepalived a program of its own does, which the notify scripts may start and stop',
    ),
  },
  {
    id: '5798-6.4.3-635',
    level: 'MUST NOT',
    summary: 'A Master without Accept_Mode drops neither neighbour solicitations nor advertisements',
    verdict: follows,
    elsewhere: {
      does: [
        {
          file: 'test/integration/network/host-items.test.ts',
          title: 'no_accept refuses what is sent to the addresses, but not their ARP and neighbour discovery',
        },
      ],
    },
  },
  {
    id: '5798-6.4.3-645',
    level: 'MUST',
    summary: 'A Master forwards what is sent to the virtual router MAC',
    verdict: notOurs(
      'kernel',
      'the kernel forwards what comes by the macvlan where the host has forwarding on; lint says where IPVS needs it',
    ),
  },
  {
    id: '5798-6.4.3-650-accept',
    level: 'MUST',
    summary: 'A Master that is the owner, or has Accept_Mode, accepts packets to the virtual addresses',
    verdict: follows,
  },
  {
    id: '5798-6.4.3-650-refuse',
    level: 'MUST NOT',
    summary: 'Any other Master does not accept them',
    verdict: followsAs('rules of nftables in a table of our own'),
    elsewhere: {
      refuses: [
        {
          file: 'test/integration/network/host-items.test.ts',
          title: 'no_accept refuses what is sent to the addresses, but not their ARP and neighbour discovery',
        },
        { file: firewallInNamespaces, title: 'nothing sent to %s is taken in, and what is sent to %s is' },
      ],
    },
  },
  {
    id: '5798-6.4.3-660',
    level: 'MUST',
    summary: 'Master, shutdown: cancel the Adver_Timer',
    verdict: follows,
  },
  {
    id: '5798-6.4.3-665',
    level: 'MUST',
    summary: 'Master, shutdown: send an ADVERTISEMENT of priority 0',
    verdict: follows,
  },
  {
    id: '5798-6.4.3-670',
    level: 'MUST',
    summary: 'Master, shutdown: become Initialize',
    verdict: departs(
      'not before the successor is heard, or the time in which one can come is over: the addresses answer until then',
      'src/vrrp/leaving.ts',
      'it goes on serving until its successor is heard',
    ),
    elsewhere: {
      refuses: [
        {
          file: 'test/integration/network/hand-over.test.ts',
          title: 'a stop ends when Skew_Time of the lowest priority is over, and leaves no address',
        },
      ],
    },
  },
  {
    id: '5798-6.4.3-685',
    level: 'MUST',
    summary: 'Master, the Adver_Timer fires: send an ADVERTISEMENT',
    verdict: follows,
  },
  {
    id: '5798-6.4.3-690',
    level: 'MUST',
    summary: 'Master, the Adver_Timer fires: set it to Advertisement_Interval',
    verdict: followsAs('counted from when it was due, so that lateness does not add up'),
  },
  {
    id: '5798-6.4.3-710',
    level: 'MUST',
    summary: 'Master hears priority 0: send an ADVERTISEMENT',
    verdict: follows,
  },
  {
    id: '5798-6.4.3-715',
    level: 'MUST',
    summary: 'Master hears priority 0: set the Adver_Timer to Advertisement_Interval',
    verdict: follows,
  },
  {
    id: '5798-6.4.3-740',
    level: 'MUST',
    summary: 'Master hears a higher priority, or an equal one from a higher address: cancel the Adver_Timer',
    verdict: follows,
  },
  {
    id: '5798-6.4.3-745',
    level: 'MUST',
    summary: 'Master, the same: Master_Adver_Interval is the one in the packet',
    verdict: follows,
  },
  {
    id: '5798-6.4.3-750',
    level: 'MUST',
    summary: 'Master, the same: compute Skew_Time anew',
    verdict: follows,
  },
  {
    id: '5798-6.4.3-755',
    level: 'MUST',
    summary: 'Master, the same: compute Master_Down_Interval anew',
    verdict: follows,
  },
  {
    id: '5798-6.4.3-760',
    level: 'MUST',
    summary: 'Master, the same: set the Master_Down_Timer to it',
    verdict: follows,
  },
  {
    id: '5798-6.4.3-765',
    level: 'MUST',
    summary: 'Master, the same: become Backup',
    verdict: follows,
  },
  {
    id: '5798-6.4.3-775',
    level: 'MUST',
    summary: 'Master hears a lower priority, or an equal one from a lower address: discard it',
    verdict: departs(
      'by default it answers at once, as RFC 9568 (9568-6.4.3-assert) and keepalived do; lower_prio_no_advert and strict mode discard',
      'src/vrrp/master.ts',
      'RFC 3768 section 6.4.3 discards it. keepalived, and we, tell the other',
    ),
  },
];
