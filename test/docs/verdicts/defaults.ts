/** global_defs: what instances fall back to. */
import {
  arpKeywords,
  electionKeywords,
  hostSetup,
  notices,
  resolveNotify,
  resolveStrict,
  resolveTransport,
  wireKeywords,
} from './tests.ts';
import { proven, type Verdict } from './verdict.ts';

export const instanceDefaults: Readonly<Record<string, Verdict>> = {
  vrrp_version: proven(
    wireKeywords('an advertisement › of version 3 has its interval in hundredths: %j beside %j'),
  ),
  vrrp_mcast_group4: proven(wireKeywords('an advertisement › with %j beside %j goes to %s')),
  vrrp_mcast_group6: proven(
    wireKeywords('an advertisement › of IPv6 goes to vrrp_mcast_group6: with %j to %s'),
  ),
  vrrp_down_timer_adverts: proven(
    electionKeywords('how long a Backup waits › depends on down_timer_adverts: %j beside %j'),
  ),
  vrrp_lower_prio_no_advert: proven(
    electionKeywords(
      'a Master that hears › a lower priority is silent with lower_prio_no_advert: %j beside %j',
    ),
  ),
  vrrp_higher_prio_send_advert: proven(
    electionKeywords(
      'a Master that hears › a higher one sends once more with higher_prio_send_advert: %j beside %j',
    ),
  ),
  vrrp_check_unicast_src: proven(
    resolveTransport('where advertisements go › is checked by the source where global_defs says so'),
    wireKeywords('what is heard › from no peer with %j beside %j is %s'),
  ),
  vrrp_skip_check_adv_addr: proven(
    electionKeywords(
      'an address list that is not ours › is looked for only in the first of a Master with skip_check_adv_addr: %j beside %j',
    ),
  ),
  vrrp_strict: proven(
    resolveStrict('strict mode › is that of global_defs unless the instance says otherwise'),
    resolveStrict('strict mode › takes away without a word what global_defs says'),
    hostSetup(
      'packets to the virtual addresses › are dropped with vrrp_strict in global_defs, and not where the instance says otherwise',
    ),
  ),
  vrrp_owner_ignore_adverts: proven(
    electionKeywords('a Master that hears › another owner of a higher address with %j beside %j is %s'),
  ),
  v3_checksum_as_v2: proven(
    resolveTransport('the checksum › of version 3 with %j and %j leaves the pseudo-header out: %s'),
    wireKeywords('an advertisement › has the checksum of version 2 with v3_checksum_as_v2: %j beside %j'),
  ),
  vrrp_notify_priority_changes: proven(
    resolveNotify('whom an instance tells › hears of priorities as vrrp_notify_priority_changes says'),
    notices('an instance › whose priority changes says so, with the new one (notify_priority_changes)'),
  ),
  vrrp_garp_master_delay: proven(
    arpKeywords('a new Master announces its addresses › again after garp_master_delay: %j beside %j'),
  ),
  vrrp_garp_master_repeat: proven(
    arpKeywords('a new Master announces its addresses › as often as garp_master_repeat says: %j beside %j'),
  ),
  vrrp_garp_master_refresh: proven(
    arpKeywords('a Master goes on announcing › every garp_master_refresh: %j beside %j'),
  ),
  vrrp_garp_master_refresh_repeat: proven(
    arpKeywords('a Master goes on announcing › as often as garp_master_refresh_repeat says: %j beside %j'),
  ),
  vrrp_garp_lower_prio_delay: proven(
    arpKeywords(
      'a Master that hears a lower priority announces › again after garp_lower_prio_delay: %j beside %j',
    ),
  ),
  vrrp_garp_lower_prio_repeat: proven(
    arpKeywords(
      'a Master that hears a lower priority announces › as often as garp_lower_prio_repeat says: %j beside %j',
    ),
  ),
  vrrp_min_garp: proven(arpKeywords('a new Master announces its addresses › once in all with vrrp_min_garp')),
};
