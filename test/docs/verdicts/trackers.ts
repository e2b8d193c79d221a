/** vrrp_script, vrrp_track_process, track_file, bfd_instance. */
import {
  bfdBesideKeepalived,
  bfdInKernel,
  commands,
  fileTracker,
  processTracker,
  resolveTracking,
  scriptTracker,
  trackedKeywords,
  trackers,
} from './tests.ts';
import { each, inFile, proven, settledWhileReading, type Verdict } from './verdict.ts';

const scriptValues = resolveTracking('a vrrp_script › of %j means it');
const definition = trackedKeywords('the weight of the definition › holds in %s where the line has none');

export const vrrpScript: Readonly<Record<string, Verdict>> = {
  script: proven(
    scriptValues,
    trackers('a track script › tells its first result and each change, in keepalived’s words'),
    trackers('a track script › that is missing is a failure, said once, and counts from when it is there'),
  ),
  interval: proven(
    scriptValues,
    scriptTracker('when a script runs › is at its beat, whatever time a run takes'),
  ),
  timeout: proven(
    scriptValues,
    scriptTracker(
      'what the results of a script mean › counts a run that timed out once, as soon as its time is over',
    ),
    trackers('a track script › that hangs fails when its time is over, and never runs twice at once'),
  ),
  weight: proven(definition),
  rise: proven(
    scriptValues,
    scriptTracker(
      'what the results of a script mean › changes back after rise successes in a row, counted from the change',
    ),
  ),
  fall: proven(
    scriptValues,
    scriptTracker(
      'what the results of a script mean › changes after fall failures in a row, and one success begins the counting anew',
    ),
  ),
  user: proven(
    resolveTracking('a vrrp_script › runs as its user, else as script_user'),
    commands('the account of a command › is that of the command, before script_user'),
    inFile('daemon/commands/run-command')(
      'the account of a command that runs › is the one that it was given, with no group of ours',
    ),
  ),
  init_fail: proven(
    scriptValues,
    scriptTracker(
      'what the results of a script mean › is bad with init_fail until as many as rise have succeeded',
    ),
    trackers('a track script › is bad from the start with init_fail'),
  ),
};

const processValues = resolveTracking('a vrrp_track_process › of %j means it');
const pattern = processTracker('a process pattern › of %s: %#');

export const trackProcess: Readonly<Record<string, Verdict>> = {
  process: proven(
    processValues,
    pattern,
    trackers('a track process › is told of as it starts and ends, and of one that was there before'),
  ),
  param_match: proven(processValues, pattern),
  full_command: proven(processValues, pattern),
  weight: proven(definition),
  quorum: proven(processValues, processTracker('a process tracker › is up while there are at least quorum')),
  quorum_max: proven(
    processValues,
    processTracker('a process tracker › is down while there are more than quorum_max'),
  ),
  delay: proven(
    processValues,
    processTracker('a process tracker › waits for terminate_delay, in which a new one may come'),
    processTracker('a process tracker › waits for fork_delay, for those that fork and end'),
  ),
  fork_delay: proven(
    processValues,
    processTracker('a process tracker › waits for fork_delay, for those that fork and end'),
  ),
  terminate_delay: proven(
    processValues,
    processTracker('a process tracker › waits for terminate_delay, in which a new one may come'),
  ),
};

const fileValues = resolveTracking('a track_file › with %j means it');

export const trackFile: Readonly<Record<string, Verdict>> = {
  file: proven(
    fileValues,
    fileTracker(
      'a track file › tells its number at first without a line for the log, and each change with one',
    ),
    trackers('a track file › is followed when it appears, is written in place, is replaced and goes'),
  ),
  weight: proven(definition),
  init_file: proven(
    fileValues,
    trackers('a track file › is written at the start with init_file, over another only with overwrite'),
  ),
};

const bfdValues = resolveTracking('a bfd_instance › with %j means it');
const session = inFile('bfd/session');
const transmission = inFile('bfd/transmission');
const upAndDown = bfdBesideKeepalived(
  'a session with keepalived › comes up, and is down a Detection Time after keepalived died',
);
const at10ms = bfdBesideKeepalived(
  'a session with keepalived › holds at 10 ms with a multiplier of 5 for ten seconds',
);
const detectionTime = session(
  'RFC 5880 section 6.8.4: the Detection Time › is the neighbour’s multiplier times the longer of its Desired Min TX and our Required Min RX',
);

export const bfdInstance: Readonly<Record<string, Verdict>> = {
  neighbor_ip: proven(bfdValues, upAndDown),
  source_ip: proven(
    bfdValues,
    bfdInKernel(
      'two sessions of ours › come up once the source address is there, and say why not until then',
    ),
  ),
  min_rx: proven(bfdValues, detectionTime, at10ms),
  min_tx: proven(
    bfdValues,
    transmission(
      'RFC 5880 section 6.8.7: the transmit interval › is the longer of our Desired Min TX and the neighbour’s Required Min RX',
    ),
    at10ms,
  ),
  idle_tx: proven(
    bfdValues,
    transmission(
      'RFC 5880 section 6.8.7: the transmit interval › section 6.8.3: is at least a second while not Up, with idle_tx %i: %i ms',
    ),
  ),
  multiplier: proven(bfdValues, detectionTime, at10ms),
  passive: proven(
    bfdValues,
    session('RFC 5880 section 6.1: a passive end › sends nothing until it has heard a packet'),
    bfdInKernel('two sessions of ours › come up when one of them is passive'),
  ),
  ttl: proven(
    bfdValues,
    inFile('daemon/bfd-process/session-runtime')(
      'the socket that a session sends from › gets another hop limit by a reload, and stays',
    ),
    bfdBesideKeepalived('a session with keepalived › runs over IPv6 with keepalived’s hop limit of 64'),
  ),
  max_hops: proven(
    bfdValues,
    inFile('bfd/reception')(
      'RFC 5881 section 5: the TTL of a packet › of $arrives is taken where $sends is sent and $maxHops hops are allowed: $taken',
    ),
    bfdInKernel('two sessions of ours › drop what has come through a router unless max_hops allows it'),
  ),
  multihop: proven(
    bfdValues,
    inFile('bfd/reception')(
      'RFC 5880 section 6.8.6: a packet without Your Discriminator › RFC 5883 section 5: comes to port 4784 for a multihop session and to 3784 for others',
    ),
    bfdInKernel('two sessions of ours › run as multihop sessions on port 4784'),
  ),
  weight: proven(definition),
  ...each(
    ['vrrp', 'checker'],
    settledWhileReading(
      'whether track_bfd may name the session is decided when the file is read',
      bfdValues,
      resolveTracking('what an instance tracks › in %s with %j is that'),
    ),
  ),
};
