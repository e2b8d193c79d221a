/** keepalived.conf(5): global_defs. The tables by theme; what concerns processes and files stands in global-processes.ts. */
import {
  choice,
  flag,
  integer,
  interfaceName,
  multicastAddress,
  onOff,
  seconds,
  text,
  words,
} from './arguments.ts';
import { files, mail, processes } from './global-processes.ts';
import { acts, defineBlock, later } from './schema.ts';

const count = integer(0, 0xffff_ffff);

const vrrpDefaults = {
  dynamic_interfaces: later(
    words(0, 'allow_if_changes, or nothing'),
    'Interfaces may be missing at the start',
  ),
  default_interface: later(interfaceName, 'For static addresses without dev', { default: 'eth0' }),
  vrrp_version: acts(choice('2', '3'), 'Version of VRRP for IPv4', { default: '2' }),
  vrrp_mcast_group4: acts(multicastAddress(4), 'Group of IPv4 advertisements', { default: '224.0.0.18' }),
  vrrp_mcast_group6: acts(multicastAddress(6), 'Group of IPv6 advertisements', { default: 'ff02::12' }),
  vrrp_garp_master_delay: acts(count, 'Seconds to the second burst', { default: '5' }),
  vrrp_garp_master_repeat: acts(count, 'Gratuitous ARPs in a burst', { default: '5' }),
  vrrp_garp_master_refresh: acts(count, 'Seconds between refreshes', { default: '0' }),
  vrrp_garp_master_refresh_repeat: acts(count, 'Gratuitous ARPs in a refresh', { default: '1' }),
  vrrp_garp_lower_prio_delay: acts(count, 'As vrrp_garp_master_delay, after a lower priority was seen'),
  vrrp_garp_lower_prio_repeat: acts(count, 'As vrrp_garp_master_repeat, after a lower priority was seen'),
  vrrp_garp_interval: later(seconds(0.000001, 4294.967295), 'Gap between gratuitous ARPs'),
  vrrp_gna_interval: later(seconds(0.000001, 4294.967295), 'Gap between neighbour advertisements'),
  vrrp_min_garp: acts(onOff, 'One gratuitous ARP, none later'),
  vrrp_garp_extra_if: later(
    words(1, 'all, or seconds from 1 to 86400'),
    'Gratuitous ARP on other interfaces',
    {
      aliases: {
        vrrp_vmac_garp_intvl: {
          deprecated: {
            message: 'is an old word for "vrrp_garp_extra_if"',
            help: 'write "vrrp_garp_extra_if" instead',
          },
        },
      },
    },
  ),
  vrrp_down_timer_adverts: acts(integer(1, 100), 'Advertisements missed before taking over', {
    default: '3',
  }),
  vrrp_lower_prio_no_advert: acts(onOff, 'Do not answer an advertisement of lower priority'),
  vrrp_higher_prio_send_advert: acts(onOff, 'Send one more advertisement before yielding'),
  vrrp_check_unicast_src: later(flag, 'Accept unicast advertisements from peers only'),
  vrrp_skip_check_adv_addr: acts(onOff, "Do not compare the Master's addresses each time"),
  vrrp_strict: later(onOff, 'Keep to the RFC', { ifIgnored: 'what it forbids is allowed', unsafe: true }),
  vrrp_owner_ignore_adverts: later(onOff, 'The owner ignores other Masters', { since: '2.4' }),
  v3_checksum_as_v2: later(flag, 'Version 3 checksum without pseudo-header', { since: '2.4' }),
  vrrp_notify_priority_changes: later(onOff, 'Notify of changes of priority too'),
  vrrp_startup_delay: later(seconds(0.001, 4294.967295), 'Wait so long before VRRP starts'),
  vrrp_delay_after_boot: later(seconds(0, 4294.967295), 'VRRP starts so long after boot', { since: '2.4' }),
  log_unknown_vrids: later(flag, 'Log advertisements of unknown groups'),
  disable_local_igmp: later(flag, 'No IGMP reports for 224.0.0.x'),
  vmac_prefix: later(text, 'Names of macvlan interfaces', { default: 'vrrp' }),
  vmac_addr_prefix: later(text, 'Names of macvlan interfaces for addresses'),
};

const firewall = {
  vrrp_iptables: later(words(0, 'names of chains'), 'Chains to add rules to'),
  vrrp_ipsets: later(words(0, 'names of sets'), 'Sets to use'),
  nftables: later(words(0, 'the name of a table, or nothing'), 'Table to add rules to'),
  nftables_priority: later(integer(-0x8000_0000, 0x7fff_ffff), 'Priority of the chains', { default: '-1' }),
  nftables_ifindex: later(flag, 'Match interfaces by index'),
  nftables_counters: later(flag, 'Count packets'),
  nftables_ipvs: later(words(0, 'the name of a table, or nothing'), 'Table for groups of services'),
  nftables_ipvs_priority: later(integer(-0x8000_0000, 0x7fff_ffff), 'Priority of the chains', {
    default: '-1',
  }),
  nftables_ipvs_start_fwmark: later(count, 'First firewall mark to use', { default: '1000' }),
};

const ipvs = {
  lvs_timeouts: acts(words(2, 'tcp, tcpfin or udp, each with seconds from 0 to 2678400'), 'As ipvsadm --set'),
  lvs_flush: acts(flag, 'Clear the IPVS table at the start'),
  lvs_flush_on_stop: acts(words(0, 'VS, or nothing'), 'Clear the IPVS table at the end', {
    aliases: { lvs_flush_onstop: {} },
  }),
  lvs_sync_daemon: later(words(1, 'an interface and options'), 'Connection synchronisation', {
    ifIgnored: 'connections are not copied to the other director',
    unsafe: true,
  }),
  rs_init_notifies: later(onOff, 'Run notify_up and notify_down for the first state'),
};

const fifoAndAgents = {
  notify_fifo: later(words(1, 'a path'), 'Named pipe for all changes'),
  vrrp_notify_fifo: later(words(1, 'a path'), 'Named pipe for changes of VRRP'),
  lvs_notify_fifo: later(words(1, 'a path'), 'Named pipe for changes of servers'),
  notify_fifo_script: later(words(1, 'a command'), 'Program that reads notify_fifo'),
  vrrp_notify_fifo_script: later(words(1, 'a command'), 'Program that reads vrrp_notify_fifo'),
  lvs_notify_fifo_script: later(words(1, 'a command'), 'Program that reads lvs_notify_fifo'),
  fifo_write_vrrp_states_on_reload: later(flag, 'Write all states after a reload'),
  snmp_socket: later(text, 'Where the SNMP agent listens'),
  enable_traps: later(flag, 'Send SNMP traps'),
  enable_snmp_vrrp: later(flag, 'SNMP for VRRP', {
    aliases: {
      enable_snmp_keepalived: {
        deprecated: {
          message: 'is an old word for "enable_snmp_vrrp"',
          help: 'write "enable_snmp_vrrp" instead',
        },
      },
    },
  }),
  enable_snmp_rfc: later(flag, 'SNMP as in the RFCs'),
  enable_snmp_rfcv2: later(flag, 'SNMP as in RFC 2787'),
  enable_snmp_rfcv3: later(flag, 'SNMP as in RFC 6527'),
  enable_snmp_checker: later(flag, 'SNMP for servers'),
  snmp_vs_stats_update_interval: later(seconds(0.001, 30), 'Age of statistics', { since: '2.4' }),
  snmp_rs_stats_update_interval: later(seconds(0.001, 30), 'Age of statistics', { since: '2.4' }),
  enable_dbus: later(flag, 'D-Bus'),
  dbus_service_name: later(text, 'Name on D-Bus', { default: 'org.keepalived.Vrrp1' }),
  dbus_no_interface_name: later(text, 'Path element without an interface', { since: '2.4' }),
};

export const globalDefs = defineBlock('global_defs', {
  router_id: acts(text, 'Name of this director', { default: "the host's name" }),
  ...mail,
  ...processes,
  ...vrrpDefaults,
  ...firewall,
  ...ipvs,
  ...fifoAndAgents,
  ...files,
});
