/** keepalived.conf(5): global_defs, as far as it concerns IPVS and the firewall. */
import { flag, integer, onOff, text, words } from './arguments.ts';
import { chains, ipSets } from './firewall-arguments.ts';
import { syncDaemon } from './ipvs-arguments.ts';
import { optional } from './optional.ts';
import { acts, later } from './schema.ts';

const chainPriority = integer(-0x8000_0000, 0x7fff_ffff);

export const firewall = {
  vrrp_iptables: acts(
    chains,
    'Chains of iptables that the rules of no_accept and virtual MAC addresses are put into. A build without iptables uses nftables',
  ),
  vrrp_ipsets: later(
    ipSets,
    'Sets of addresses that those rules of iptables go by, instead of a rule for each',
  ),
  nftables: acts(
    optional(text, 'keepalived', 'one called "keepalived"'),
    'Table of nftables that the rules of no_accept and virtual MAC addresses are put into. Made without this line as well where such rules are needed',
  ),
  nftables_priority: acts(chainPriority, 'Priority of the chains in that table; lower ones come first', {
    default: '-1',
  }),
  nftables_ifindex: acts(flag, 'The rules match interfaces by number instead of name'),
  nftables_counters: acts(flag, 'The rules count packets and bytes'),
  nftables_ipvs: later(
    optional(text, 'keepalived_ipvs', 'one called "keepalived_ipvs"'),
    'Table of nftables that marks packets for groups of virtual servers',
  ),
  nftables_ipvs_priority: later(
    chainPriority,
    'Priority of the chains in that table; lower ones come first',
    {
      default: '-1',
    },
  ),
  nftables_ipvs_start_fwmark: later(
    integer(1, 0xffff_ffff),
    'First of the firewall marks that it may use; the others follow',
    { default: '1000' },
  ),
};

export const ipvs = {
  lvs_timeouts: acts(
    words(
      2,
      'tcp, tcpfin or udp, each with seconds from 0 to 2678400',
      '[tcp <0-2678400>] [tcpfin <0-2678400>] [udp <0-2678400>]',
      {
        good: ['tcp 900 tcpfin 120 udp 300', 'udp 300', 'tcp 0'],
        bad: ['', 'tcp', 'tcp x', 'tcp 2678401', 'sctp 5', 'tcp 900 udp'],
      },
    ),
    'Seconds without traffic after which IPVS forgets a connection, as "ipvsadm --set" does: established TCP, TCP after FIN, and UDP. Without it, those of the kernel',
  ),
  lvs_flush: acts(flag, 'Clear the whole IPVS table at the start, also of what others have put there'),
  lvs_flush_on_stop: acts(
    words(0, 'VS, or nothing for the whole table', '[VS]', { good: ['', 'VS'], bad: ['vs', 'RS'] }),
    'Clear the whole IPVS table at the end, or with VS just the virtual servers of this file',
    { aliases: { lvs_flush_onstop: {} } },
  ),
  lvs_sync_daemon: acts(
    syncDaemon,
    'Copy the table of connections to the other director, so that they outlive a failover. The side whose instance is Master sends',
  ),
  rs_init_notifies: acts(onOff, 'Run notify_up or notify_down also for the first state of a real server', {
    default: 'off',
  }),
};
