/** keepalived.conf(5): when a vrrp_instance takes over, and what it does as Master. */
import { flag, integer, onOff, seconds } from './arguments.ts';
import { oldSpellings } from './old-words.ts';
import { acts, later } from './schema.ts';
import { extraGarp, garpRepeats } from './vrrp-arguments.ts';

const anyCount = integer(0, 0xffff_ffff);
/** 2^32 microseconds. */
const garpDelay = integer(0, 4294);
/** Of "off", the resolver says that it means nothing. */
const alwaysOn = { ...onOff, samples: { good: ['', 'on'], bad: ['off', 'maybe'] } };

/** Who becomes Master, and when. */
export const preemption = {
  preempt: acts(flag, 'Take over from a Master of lower priority', { default: 'on' }),
  nopreempt: acts(
    flag,
    'Leave a Master of lower priority alone, so that addresses do not move back by themselves; needs "state BACKUP" on all routers',
  ),
  preempt_delay: acts(
    seconds(0, 1000),
    'Seconds that a router which has just started waits before it takes over; needs "state BACKUP"',
    { default: '0' },
  ),
  down_timer_adverts: acts(
    integer(1, 100),
    'How many advert_int without an advertisement it takes until a Backup becomes Master, and a little more',
    { default: '3' },
  ),
  lower_prio_no_advert: acts(
    onOff,
    'A Master that hears one of lower priority says nothing, and leaves it to its next advertisement',
    { default: 'vrrp_lower_prio_no_advert' },
  ),
  higher_prio_send_advert: acts(
    onOff,
    'A Master that hears one of higher priority sends one more advertisement before it yields',
    { default: 'vrrp_higher_prio_send_advert' },
  ),
  owner_ignore_adverts: acts(
    onOff,
    'The owner of the addresses, with priority 255, does not listen to other Masters',
    { since: '2.4', default: 'vrrp_owner_ignore_adverts' },
  ),
  timer_expired_backup: acts(
    integer(1, 254),
    'A Master that has got no processor time for as long as a peer of this priority waits becomes Backup; needs nopreempt',
    {
      since: '2.4',
      aliases: {
        thread_timer_expired: {
          deprecated: {
            message: 'is another word for "timer_expired_backup"',
            help: 'write "timer_expired_backup" instead',
            replacement: 'timer_expired_backup',
          },
        },
      },
    },
  ),
};

/** What a Master does besides advertising. */
export const behaviour = {
  accept: acts(flag, 'Answer packets to the virtual addresses, which is so unless strict mode is on'),
  no_accept: acts(flag, 'Drop packets to the virtual addresses, except those that a Master must answer', {}),
  strict_mode: acts(onOff, 'Keep to the letter of the RFC, and refuse settings that do not', {
    default: 'vrrp_strict',
  }),
  skip_check_adv_addr: acts(
    alwaysOn,
    'Compare the addresses in an advertisement with the own ones only when the Master changes; inside of an instance even "off" switches it on',
    { default: 'vrrp_skip_check_adv_addr' },
  ),
  garp_master_delay: acts(
    garpDelay,
    'Seconds between the two bursts of gratuitous ARP after becoming Master; 0 sends one',
    {
      default: '5',
    },
  ),
  garp_master_repeat: acts(garpRepeats, 'Gratuitous ARPs for each address in a burst; at least 1', {
    default: '5',
  }),
  garp_master_refresh: acts(anyCount, 'Seconds between gratuitous ARPs while Master; 0 sends none', {
    default: '0',
  }),
  garp_master_refresh_repeat: acts(garpRepeats, 'Gratuitous ARPs for each address in a refresh; at least 1', {
    default: '1',
  }),
  garp_lower_prio_delay: acts(
    garpDelay,
    'Seconds between the two bursts of gratuitous ARP after another Master of lower priority was heard',
    { default: 'garp_master_delay' },
  ),
  garp_lower_prio_repeat: acts(
    integer(0, 0x7fff_ffff),
    'Gratuitous ARPs for each address after another Master of lower priority was heard; 0 sends none',
    { default: 'garp_master_repeat' },
  ),
  garp_extra_if: acts(
    extraGarp(0),
    'Seconds between gratuitous ARPs on the interface below a macvlan, so that switches keep its MAC address; "all" for all such interfaces',
    {
      aliases: oldSpellings('garp_extra_if', 'vmac_garp_intvl'),
    },
  ),
  kernel_rx_buf_size: acts(integer(1, 0x7fff_ffff), 'Bytes of the receive buffer of its socket'),
  debug: later(integer(0, 4), 'Nothing in ordinary builds of keepalived', { default: '0' }),
};
