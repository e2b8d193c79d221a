/** Whom instances and sync groups tell, and what they track. */
import {
  globalKeywords,
  hostInterfaces,
  linesAsKeepalived,
  lookout,
  mailsAsKeepalived,
  notices,
  notifications,
  notifier,
  resolveGroups,
  resolveNotify,
  resolveTracking,
  schemaInstance,
  scriptsAsKeepalived,
  trackedKeywords,
  vrrpProcess,
} from './tests.ts';
import {
  besideKeepalived,
  each,
  notDone,
  proven,
  settledWhileReading,
  type Verdict,
  withoutEffect,
} from './verdict.ts';

const told = resolveNotify('whom an instance tells › with %j is that');
const specific = notifications(
  'an event of an instance › with %s runs the specific script, the generic one, writes lines and mails',
);
const ownArguments = notifier(
  'the scripts of an instance › get their own arguments, and the generic one what happened to whom, each as one word',
);
const states = notices('an instance › is told of as BACKUP, MASTER, FAULT and STOP');

export const instanceTells: Readonly<Record<string, Verdict>> = {
  ...each(
    ['notify_master', 'notify_backup', 'notify_fault', 'notify_stop', 'notify'],
    proven(told, specific, states, ownArguments, scriptsAsKeepalived),
  ),
  notify_deleted: proven(
    told,
    notifications(
      'a deleted instance › is told as DELETED to the generic script alone when notify_deleted has no command',
    ),
    vrrpProcess(
      'a reload › keeps the instance that it changes, ends the one that it removes, and tells it apart (notify_deleted)',
    ),
    scriptsAsKeepalived,
  ),
  notify_master_rx_lower_pri: proven(
    told,
    specific,
    notices('an instance › that hears a lower priority while Master says so (notify_master_rx_lower_pri)'),
  ),
  notify_priority_changes: proven(
    resolveNotify('whom an instance tells › hears of priorities as vrrp_notify_priority_changes says'),
    notices('an instance › whose priority changes says so, with the new one (notify_priority_changes)'),
    notifications(
      'an event of an instance › of a change of priority is told only with notify_priority_changes',
    ),
  ),
  smtp_alert: proven(
    resolveNotify('whom an instance tells › with %j in global_defs and %j gets mail: %s'),
    notifications('mail › is sent only for another state than the last mailed one'),
    mailsAsKeepalived,
  ),
  debug: notDone('-D logs all that there is to say of an instance'),
  linkbeat_use_polling: notDone('the kernel tells of links; drivers that do not tell are not asked'),
  lvs_sync_daemon_interface: notDone('the old form of lvs_sync_daemon in global_defs, which is acted on'),
};

const tracked = resolveTracking('what an instance tracks › in %s with %j is that');
const worth = trackedKeywords('%s › with "%s" is worth %s while up and %s while down');

export const instanceTracks: Readonly<Record<string, Verdict>> = {
  track_interface: proven(
    tracked,
    worth,
    lookout('what an instance tracks › may be another interface'),
    hostInterfaces('an interface that is missing is down, and an address that some interface has is there'),
  ),
  track_script: proven(
    tracked,
    worth,
    lookout('what an instance tracks › changes its priority, or is a fault'),
  ),
  track_file: proven(tracked, trackedKeywords('track_file › %s is with the number %i worth %s')),
  track_process: proven(tracked, worth),
  track_bfd: proven(
    tracked,
    worth,
    besideKeepalived('integration/network/bfd')(
      'a session with keepalived › comes up, and is down a Detection Time after keepalived died',
    ),
  ),
};

const lineOptions = proven(
  schemaInstance('something to track › has a weight, and counts the other way round where that is said'),
  worth,
);
export const trackingLines = {
  ...Object.fromEntries(
    ['track_interface', 'track_script', 'track_process', 'track_bfd'].map((list) => [
      list,
      {
        ...each(['weight', 'reverse'], lineOptions),
        ...(list === 'track_script' && {
          noreverse: proven(
            schemaInstance('something to track › can undo the direction of a script only'),
            trackedKeywords(
              'the weight of the definition › gives way to that of the line, and noreverse undoes its reverse',
            ),
          ),
        }),
      },
    ]),
  ),
};
export const trackFileLine = each(
  ['weight', 'reverse'],
  proven(trackedKeywords('track_file › %s is with the number %i worth %s')),
);

const groupSays = resolveGroups(
  'a vrrp_sync_group › has several members on a line, may stand above them, and tells whom it says',
);
const groupTells = notifications('an event of a sync group › has priority 0 and its own text');
const groupWords = notices('a group is told of in its own words');
const groupScripts = globalKeywords('a vrrp_sync_group › runs %s for %s, and for nothing else');
const groupFault = trackedKeywords('a vrrp_sync_group › has a fault by %s');

export const syncGroup: Readonly<Record<string, Verdict>> = {
  group: proven(
    groupSays,
    lookout('a sync group › is Master as a whole, and not before every member can be'),
    lookout('a sync group › is in Fault as a whole when one member is'),
    besideKeepalived('integration/network/protocols')(
      'lb01 runs %s, lb02 runs %s › $name: the addresses go to lb02 by a stop and a crash, and come back',
    ),
  ),
  ...each(
    ['notify_master', 'notify_backup', 'notify_fault', 'notify'],
    proven(groupSays, groupScripts, groupWords, scriptsAsKeepalived),
  ),
  notify_stop: proven(
    groupSays,
    notifications('an event of a sync group › that stops says so in words of its own'),
    groupWords,
    linesAsKeepalived,
  ),
  smtp_alert: proven(groupSays, groupTells, mailsAsKeepalived),
  ...each(
    ['track_interface', 'track_process', 'track_bfd', 'track_file'],
    proven(groupFault, lookout('a sync group › tracks for all its members')),
  ),
  track_script: proven(groupFault, lookout('a sync group › tracks for all its members')),
  sync_group_tracking_weight: proven(
    resolveGroups('weights and sync groups › the member that tracks %j in a group with %j has %j'),
    trackedKeywords(
      'a vrrp_sync_group › lets the weights of its members count only with sync_group_tracking_weight',
    ),
    lookout('a sync group › lets the weight of a member count only with sync_group_tracking_weight'),
  ),
  notify_priority_changes: withoutEffect(
    'a group has no priority; keepalived reads the word and does nothing with it either',
  ),
  global_tracking: settledWhileReading(
    'what a group tracks has always counted for all its members; the word can be deleted',
    globalKeywords('a vrrp_sync_group › is the same with %s'),
  ),
};
