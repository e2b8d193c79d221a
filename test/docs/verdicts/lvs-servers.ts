/** keepalived.conf(5): virtual_server and real_server. */
import { probes } from './lvs-checkers.ts';
import { onLvsLines } from './lvs-globals.ts';
import {
  checkerState,
  checks,
  client,
  desired,
  diff,
  fullNatRules,
  health,
  httpChecks,
  loop,
  notices,
  notifications,
  process,
  quorum as quorumTests,
  resolve,
  schemaServices,
  services,
  suspension,
  table,
  tcp,
} from './lvs-tests.ts';
import { each, notDone, proven, type Verdict, withoutEffect } from './verdict.ts';

type Words = Readonly<Record<string, Verdict>>;

const means = resolve('a virtual_server › with %j means it');
const meansOfIpvs = services('a virtual_server › with %j means it');
const mark = resolve(
  'a virtual_server › for a firewall mark has the family of its servers, and what its blocks say',
);
const passesOn = resolve('a virtual_server › passes its timing on to the checks of its servers');
const inherited = checks(
  'the timing of a check › of %s is its own, else its real server’s, else its virtual server’s',
);
const bounds = checks('the timing of a check › with %j bounds a whole attempt by %i ms');
const flags = table('a service › with %s');
const command = notices('an event brings the command for its state and whether mail is wanted');
const tells = notifications('a server › tells its script, the pipes for LVS, and people');
const noSnmp = notDone('nothing is offered over SNMP; "holdfast ctl" and the metrics tell');

/** Of both, for the checks in them. */
const timing: Words = {
  delay_loop: proven(
    passesOn,
    inherited,
    loop('a server that is up › is probed every delay_loop after a first wait of 1 s'),
  ),
  ...each(
    ['retry', 'delay_before_retry'],
    proven(
      passesOn,
      inherited,
      loop('a server that is up › goes down after retry + 1 failures in a row, delay_before_retry apart'),
    ),
  ),
  warmup: proven(passesOn, inherited, loop('the first probe waits a random part of the warmup longer')),
  connect_timeout: proven(
    passesOn,
    tcp('a server that does not accept › is failed after connect_timeout when it does not answer'),
  ),
  attempt_timeout: proven(
    inherited,
    bounds,
    tcp('a server that does not accept › is failed after attempt_timeout, where that is shorter'),
  ),
};

const host = httpChecks(
  'HTTP_GET and SSL_GET › name the host of the url, else of the check, the real server, the virtual server, else where they connect',
);
const inhibit = desired('desiredTable › with inhibit_on_failure a server that is down stays with weight 0');
const replaced = process(
  'a server that dies and returns › is replaced by the sorry server when it was the last, and takes over from it again',
);

const balancing: Words = {
  lb_algo: onLvsLines['lb_algo']?.['wlc'] ?? proven(),
  lb_kind: onLvsLines['lb_kind']?.['NAT'] ?? proven(),
  protocol: onLvsLines['protocol']?.['UDP'] ?? proven(),
  ip_family: proven(
    services(
      'a virtual_server of a group › of marks alone has the family of ip_family, else that of its first server, and needs no protocol',
    ),
    table('a service › of SCTP, of a firewall mark in either family, and of all ports'),
  ),
  persistence_timeout: proven(
    means,
    desired('desiredTable › persistence sets the flag, the timeout and the granularity'),
    client('services › persistence has its timeout and its granularity'),
  ),
  persistence_granularity: proven(
    means,
    schemaServices('persistence › of an IPv4 service has a netmask and no prefix length'),
    diff('diff › granularity matters with persistence and only then'),
    client('services › persistence has its timeout and its granularity'),
  ),
  persistence_engine: proven(
    meansOfIpvs,
    services('a virtual_server › without persistence has none, whatever engine it names'),
    table('a service › with ops and with a persistence engine, both for UDP'),
  ),
  hashed: withoutEffect('every service is hashed'),
  ops: proven(
    meansOfIpvs,
    desired('desiredTable › %j are the flags %i'),
    table('a service › with ops and with a persistence engine, both for UDP'),
  ),
  ...each(
    ['flag-1', 'flag-2', 'flag-3', 'sh-port', 'sh-fallback', 'mh-port', 'mh-fallback'],
    proven(meansOfIpvs, desired('desiredTable › %j are the flags %i'), flags),
  ),
};

const lost = health('a verdict › that takes down the last server loses the quorum, in this order');
const twoThresholds = quorumTests(
  'with quorum 4 and hysteresis 1 › having had a quorum: %s, a live weight of %i makes it %s',
);

const quorum: Words = {
  quorum: proven(mark, twoThresholds, lost),
  hysteresis: proven(
    mark,
    twoThresholds,
    health(
      'with hysteresis › the quorum is lost below quorum - hysteresis and gained at quorum + hysteresis',
    ),
  ),
  ...each(['quorum_up', 'quorum_down'], proven(meansOfIpvs, command, tells)),
  alpha: proven(
    mark,
    checkerState('before the first run › a server with alpha is assumed down'),
    process('at start › servers with alpha are in the table only once they have answered'),
  ),
  omega: proven(
    mark,
    notices('the end of the daemon › is told with omega: every server that was up, and the quorum'),
    notices('the end of the daemon › is not told without omega'),
  ),
};

export const virtualServer: Words = {
  ...timing,
  ...balancing,
  ...quorum,
  sorry_server: proven(
    means,
    desired(
      'desiredTable › without quorum the sorry server stands alone, also instead of servers that are up',
    ),
    diff('diff › the sorry server is added before the live servers go'),
    replaced,
  ),
  sorry_server_inhibit: proven(
    mark,
    services(
      'a virtual_server › has a sorry server that is inhibited as the real server is that it is too, and says so',
    ),
    desired('desiredTable › with quorum the sorry server is absent, or idle with sorry_server_inhibit'),
  ),
  sorry_server_lvs_method: proven(
    services('a virtual_server › may have a sorry server of another family only over a tunnel'),
    fullNatRules('the rules of a configuration › reach the sorry server by its own method'),
  ),
  laddr_group_name: proven(
    services(
      'FULLNAT › leaves with the addresses of its local_address_group, those of its family, wherever the group stands',
    ),
    fullNatRules(
      'the rules of a configuration › put virtual servers with the same local addresses together, and others apart',
    ),
  ),
  real_server: proven(
    services('a virtual_server of a group › may have IPv4 and IPv6 addresses, and servers of both'),
    process('at start › servers assumed up are in the table before any check'),
  ),
  weight: proven(
    mark,
    desired('desiredTable › the effective weight counts, also when it is 0'),
    health('dynamic weights › count in the quorum'),
  ),
  ha_suspend: proven(
    meansOfIpvs,
    suspension('checks rest while the address of their virtual server is not here; the table stays'),
    suspension('without ha_suspend, of a group and of a firewall mark checks never rest'),
  ),
  inhibit_on_failure: proven(mark, inhibit),
  virtualhost: proven(host, probes.host),
  snmp_name: noSnmp,
  smtp_alert: proven(meansOfIpvs, command, tells),
  nat_mask: withoutEffect('LVS-NAT has had no netmask since kernel 2.4'),
};

const ofServer = services('a real_server › with %j means it');
const thresholds = proven(
  ofServer,
  diff('diff › another forwarding method or threshold is an update too'),
  client('destinations › thresholds'),
);

export const realServer: Words = {
  ...timing,
  ...each(
    ['notify_up', 'notify_down'],
    proven(services('a real_server › runs its notify_up and notify_down, the first of two'), command, tells),
  ),
  weight: proven(
    mark,
    desired('desiredTable › a server configured with weight 0 stands in the table to drain'),
    diff('diff › one changed weight is one update'),
    client('destinations › weight, forwarding and thresholds change in place'),
  ),
  lvs_method: proven(
    ofServer,
    fullNatRules('the rules of a configuration › name those real servers alone that are reached by FULLNAT'),
    table(
      'what a configuration asks for stands in the kernel as it says: mixed ways, a drained server, thresholds',
    ),
  ),
  inhibit_on_failure: proven(
    mark,
    inhibit,
    process(
      'a server that dies and returns › stays in the table with weight 0 where inhibit_on_failure is set',
    ),
  ),
  alpha: quorum['alpha'] ?? proven(),
  ...each(['uthreshold', 'lthreshold'], thresholds),
  virtualhost: proven(host, probes.host),
  smtp_alert: proven(services('mail › of a server follows its own smtp_alert first'), command, tells),
  snmp_name: noSnmp,
  ...probes.blocks,
};
