/** What stands outside of all blocks, and the small blocks there. */

import { instanceBlock } from './instance.ts';
import {
  announcements,
  besideInPairs,
  hostInterfaces,
  lookout,
  resolveGlobals,
  routesInKernel,
  schemaGlobal,
  staticItems,
  vrrpProcess,
} from './tests.ts';
import { bfdInstance, trackFile, trackProcess, vrrpScript } from './trackers.ts';
import { each, inFile, notDone, proven, type Verdict } from './verdict.ts';

const put = staticItems(
  'static_ipaddress, static_routes and static_rules › are put there at the start and taken away in the end',
);
const names = resolveGlobals('static items › name the instances that depend on them');
const delays = resolveGlobals(
  'beside global_defs › delays of interfaces: the last line of one counts, and up is 0 where it is not written',
);
const groups = resolveGlobals('beside global_defs › a garp_group has its interfaces once each');

export const root: Readonly<Record<string, Verdict>> = {
  global_defs: proven(
    inFile('config-parser/resolve')('global_defs › are one, however many there are'),
    vrrpProcess('the start › is put off by %s, which the log says'),
  ),
  vrrp_instance: instanceBlock,
  vrrp_sync_group: proven(
    inFile('config-parser/resolve-sync-groups')(
      'a vrrp_sync_group › that says nothing more tells nobody and tracks nothing',
    ),
    lookout('a sync group › is Master as a whole, and not before every member can be'),
    besideInPairs,
  ),
  vrrp_script: vrrpScript['script'] ?? proven(),
  vrrp_track_process: trackProcess['process'] ?? proven(),
  track_file: trackFile['file'] ?? proven(),
  bfd_instance: bfdInstance['neighbor_ip'] ?? proven(),
  static_ipaddress: proven(
    resolveGlobals('static items › have their interface from dev, else from default_interface, else eth0'),
    put,
    staticItems(
      'static_ipaddress, static_routes and static_rules › stay over a reload, except for what is gone and what is new',
    ),
  ),
  static_routes: proven(names, put, routesInKernel('routes › %s')),
  static_rules: proven(names, put, routesInKernel('rules › %s')),
  track_group: proven(
    names,
    staticItems('track_group › makes what cannot be had a fault of its instances, until it can'),
    lookout('something static that is gone is a fault of the instances of its track_group'),
  ),
  garp_group: proven(groups, announcements('garp_group › has one pause for all its interfaces')),
  interface_up_down_delays: proven(
    delays,
    hostInterfaces(
      'interface_up_down_delays › an interface that goes down for the first time counts as up until its delay is over',
    ),
    inFile('vrrp/debounce')('one that comes back within its delay was never down'),
  ),
  ...each(
    ['linkbeat_interfaces', 'linkbeat_use_polling'],
    notDone('the kernel tells of links; drivers that do not tell are not asked'),
  ),
};

export const trackGroup: Readonly<Record<string, Verdict>> = {
  group: proven(
    schemaGlobal('values of trackers › take several names on a line of a group'),
    names,
    staticItems('track_group › makes what cannot be had a fault of its instances, until it can'),
  ),
};

export const garpGroup: Readonly<Record<string, Verdict>> = {
  garp_interval: proven(groups, announcements('garp_group › has one pause for all its interfaces')),
  gna_interval: proven(announcements('garp_group › has a pause of its own for IPv6 in gna_interval')),
  interface: proven(
    groups,
    announcements('garp_group › names single ones with interface, and leaves the others alone'),
  ),
  interfaces: proven(groups, announcements('garp_group › has one pause for all its interfaces')),
};
