/** keepalived.conf(5): global_defs: what instances fall back to, and what concerns all of VRRP. */
import { choice, flag, integer, interfaceName, multicastAddress, onOff, seconds, text } from './arguments.ts';
import { oldSpellings } from './old-words.ts';
import { optional } from './optional.ts';
import { acts } from './schema.ts';
import { extraGarp, garpRepeats, linkLocalGroup6 } from './vrrp-arguments.ts';

const count = integer(0, 0xffff_ffff);
/** 2^32 microseconds. */
const delay = integer(0, 4294);

const pause = seconds(0.000001, 4294.967295);

const garp = {
  vrrp_garp_master_delay: acts(
    delay,
    'Seconds from the first burst of gratuitous ARP after becoming Master to the second; 0 for no second one',
    { default: '5' },
  ),
  vrrp_garp_master_repeat: acts(garpRepeats, 'Gratuitous ARPs for each address in a burst', { default: '5' }),
  vrrp_garp_master_refresh: acts(
    count,
    'Seconds between gratuitous ARPs while Master, for switches that forget; 0 for none',
    { default: '0' },
  ),
  vrrp_garp_master_refresh_repeat: acts(garpRepeats, 'Gratuitous ARPs for each address in such a refresh', {
    default: '1',
  }),
  vrrp_garp_lower_prio_delay: acts(
    delay,
    'Seconds from the first burst to the second after a Master has heard a lower priority. Without it, vrrp_garp_master_delay',
  ),
  vrrp_garp_lower_prio_repeat: acts(
    integer(0, 0x7fff_ffff),
    'Gratuitous ARPs for each address after a Master has heard a lower priority; 0 for none. Without it, vrrp_garp_master_repeat',
  ),
  vrrp_garp_interval: acts(
    pause,
    'Seconds between two gratuitous ARPs on one interface. Without it, no pause',
  ),
  vrrp_gna_interval: acts(
    pause,
    'Seconds between two unsolicited neighbour advertisements on one interface. Without it, no pause',
  ),
  vrrp_min_garp: acts(onOff, 'One gratuitous ARP for each address on becoming Master, and none later', {
    default: 'off',
  }),
  vrrp_garp_extra_if: acts(
    extraGarp(1),
    'Seconds between gratuitous ARPs on the other interfaces that hold virtual addresses. Without it, none',
    { aliases: oldSpellings('vrrp_garp_extra_if', 'vrrp_vmac_garp_intvl') },
  ),
};

const protocol = {
  vrrp_version: acts(
    choice('2', '3'),
    'Version of VRRP for IPv4 instances that name none; IPv6 is version 3',
    {
      default: '2',
    },
  ),
  vrrp_mcast_group4: acts(multicastAddress(4), 'Group that IPv4 advertisements are sent to', {
    default: '224.0.0.18',
  }),
  vrrp_mcast_group6: acts(linkLocalGroup6, 'Group that IPv6 advertisements are sent to', {
    default: 'ff02::12',
  }),
  vrrp_down_timer_adverts: acts(
    integer(1, 100),
    'How many advertisements in a row may be missed before a Backup takes over',
    { default: '3' },
  ),
  vrrp_lower_prio_no_advert: acts(
    onOff,
    'A Master that hears a lower priority does not answer at once, only when its next advertisement is due',
    { default: 'off' },
  ),
  vrrp_higher_prio_send_advert: acts(
    onOff,
    'A Master that hears a higher priority sends one more advertisement before it yields',
    { default: 'off' },
  ),
  vrrp_check_unicast_src: acts(flag, 'Accept unicast advertisements only from addresses in unicast_peer'),
  vrrp_skip_check_adv_addr: acts(
    onOff,
    'Compare the addresses in an advertisement only when it comes from another Master than the last one did',
    { default: 'off' },
  ),
  vrrp_strict: acts(onOff, 'Keep to the RFC, and refuse what goes beyond it', {
    default: 'off',
  }),
  vrrp_owner_ignore_adverts: acts(
    onOff,
    'An instance of priority 255 stays Master whatever it hears. In strict mode that is so in any case',
    { default: 'off', since: '2.4' },
  ),
  v3_checksum_as_v2: acts(
    flag,
    'Checksum of version 3 over IPv4 without the pseudo-header, as some other routers have it. An argument is ignored: "off" switches it on as well',
    { since: '2.4' },
  ),
  vrrp_notify_priority_changes: acts(onOff, 'Tell notify scripts of a change of priority too', {
    default: 'off',
  }),
};

export const vrrpDefaults = {
  dynamic_interfaces: acts(
    optional(choice('allow_if_changes'), 'fixed', 'interfaces that stay what they are'),
    'Interfaces may be missing at the start and come later. With allow_if_changes they may also come back as another kind',
  ),
  default_interface: acts(interfaceName, 'Interface of static addresses that name none', {
    default: 'eth0',
  }),
  ...protocol,
  ...garp,
  vrrp_startup_delay: acts(
    seconds(0.001, 4294.967295),
    'Seconds that VRRP waits at the start, for interfaces that claim to be up before they are. Without it, none',
  ),
  vrrp_delay_after_boot: acts(
    seconds(0, 4294.967295),
    'Seconds after the boot of the machine before which VRRP does not start',
    { default: '0', since: '2.4' },
  ),
  log_unknown_vrids: acts(flag, 'Log advertisements for a virtual_router_id that no instance here has'),
  disable_local_igmp: acts(
    flag,
    'Have the kernel send no IGMP reports for 224.0.0.x, which switches are to forward in any case',
  ),
  vmac_prefix: acts(text, 'Names of macvlan interfaces begin with this; the virtual_router_id follows', {
    default: 'vrrp',
  }),
  vmac_addr_prefix: acts(
    text,
    'Names of macvlan interfaces made for use_vmac_addr begin with this. Without it, vmac_prefix',
  ),
};
