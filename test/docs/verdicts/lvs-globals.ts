/** Of services and checks: what stands outside of their blocks, SSL, and the words on the lines of some keywords. */
import {
  checks,
  client,
  codec,
  commands,
  fullNat,
  fullNatRules,
  httpChecks,
  keeper,
  notices,
  notifications,
  process,
  processInKernel,
  resolve,
  resolveNotify,
  schemaServices,
  services,
  syncDaemons,
  table,
  tls,
  tutorial,
  wording,
} from './lvs-tests.ts';
import { processWords } from './processes.ts';
import { alwaysSo, each, notDone, proven, type Verdict } from './verdict.ts';

type Words = Readonly<Record<string, Verdict>>;

const entries = services('a virtual_server of a group › is a service for each of %s');
const group = commands('a group › is one virtual server with several services, which go and come together');
const localGroup = services(
  'FULLNAT › leaves with the addresses of its local_address_group, those of its family, wherever the group stands',
);
const ownNamespace = notDone('everything happens in the namespace that holdfast was started in');

export const lvsRoot: Words = {
  virtual_server: proven(
    services('the name of a virtual server › %s is %s, as keepalived’s log has it'),
    tutorial('%s › with its %s file has the table that the tutorial shows, and an empty one after a stop'),
  ),
  virtual_server_group: proven(entries, group),
  local_address_group: proven(
    localGroup,
    fullNatRules(
      'the rules of a configuration › put virtual servers with the same local addresses together, and others apart',
    ),
    fullNat(
      'a real server in another network, without a route to the client › is asked by the local addresses of the configuration, several of one range',
    ),
  ),
  SSL: proven(
    httpChecks('HTTP_GET and SSL_GET › show the certificate of the block SSL, over TLS only'),
    tls('a client certificate › is shown to a server that wants one'),
  ),
  ...each(['net_namespace_ipvs', 'namespace_with_ipsets'], ownNamespace),
};

const mail = services(
  'mail › with %j in global_defs goes out for a virtual server: %s, for a real server: %s',
);
const pipes = resolveNotify('named pipes › have their owner and their reader');
const tellsServers = notifications('a server › tells its script, the pipes for LVS, and people');
const values = resolve('global_defs › set the timeouts that they name');
const sync = services('the settings of IPVS in global_defs › with %j copy connections so');

export const lvsGlobals: Words = {
  smtp_alert_checker: proven(
    mail,
    notices('an event brings the command for its state and whether mail is wanted'),
    tellsServers,
  ),
  no_checker_emails: proven(
    mail,
    notices('an event brings the command for its state and whether mail is wanted'),
  ),
  checker_log_all_failures: proven(
    checks('a check › %s is alpha and loud as it says, else as its servers and global_defs say'),
    wording('a failed probe › with log_all_failures is more than a detail, also of a server that is down'),
  ),
  ...processWords('checker'),
  ...each(
    ['nftables_ipvs', 'nftables_ipvs_priority', 'nftables_ipvs_start_fwmark'],
    notDone('a group is one service of the kernel for each of its entries, which needs no marks'),
  ),
  lvs_timeouts: proven(
    values,
    keeper('at start › lvs_timeouts are set once, and again when somebody changes them'),
    client('the rest › timeouts are set one by one, and what is not given stays'),
  ),
  lvs_flush: proven(
    values,
    process('lvs_flush at a first start empties the table'),
    keeper('at start › lvs_flush empties the table once, also of what is not ours'),
  ),
  lvs_flush_on_stop: proven(
    resolve('global_defs › are one, however many there are'),
    process('at stop › with lvs_flush_on_stop the whole table is emptied'),
    keeper('at stop › %s leaves %j'),
  ),
  lvs_sync_daemon: proven(
    sync,
    syncDaemons('desired › the director that answers sends, another listens, also before anything is known'),
    commands('the connection synchronization › follows its instance, and no other'),
    table(
      'the connection synchronization › starts, is seen by ipvsadm and by us, and stops; stopping it again is a success',
    ),
  ),
  rs_init_notifies: proven(
    services('the settings of IPVS in global_defs › with %j tell of the first state of a server: %s'),
    notices(
      'at start › with rs_init_notifies servers that are assumed up are told, and those that are found down',
    ),
  ),
  ...each(['lvs_notify_fifo', 'lvs_notify_fifo_script'], proven(pipes, tellsServers)),
  ...each(
    ['enable_snmp_checker', 'snmp_vs_stats_update_interval', 'snmp_rs_stats_update_interval'],
    notDone('nothing is offered over SNMP; "holdfast ctl" and the metrics tell'),
  ),
  ...each(
    [
      'lvs_netlink_cmd_rcv_bufs',
      'lvs_netlink_monitor_rcv_bufs',
      'lvs_netlink_cmd_rcv_bufs_force',
      'lvs_netlink_monitor_rcv_bufs_force',
    ],
    notDone('buffers of netlink have the size that the kernel gives them; what is lost is read again'),
  ),
};

const certificate = httpChecks('HTTP_GET and SSL_GET › show the certificate of the block SSL, over TLS only');
const shownCertificate = tls('a client certificate › is shown to a server that wants one');

export const ssl: Words = {
  ca: alwaysSo(
    'the certificate of a server is not verified, whatever authorities are named; a file that cannot be read is told',
    certificate,
    tls('a client certificate › of %j says nothing about the server'),
  ),
  ...each(['certificate', 'key'], proven(certificate, shownCertificate)),
  password: proven(certificate, shownCertificate),
};

const scheduler = proven(
  resolve('a virtual_server › with %j means it'),
  table('a service › with the scheduler %s'),
);
const methods = services('a virtual_server › with %j means it');
const forwarding = table(
  'what a configuration asks for stands in the kernel as it says: mixed ways, a drained server, thresholds',
);
const tunnel = proven(
  schemaServices('a forwarding method › %s says how packets are encapsulated'),
  table('a destination by tunnel › %o'),
);
const reached = fullNat(
  'a real server in another network, without a route to the client › answers by FULLNAT, and is asked by the address that the route has',
);
const fullNatRule = fullNatRules(
  'the rules of a configuration › name those real servers alone that are reached by FULLNAT',
);

export const onLvsLines: Readonly<Record<string, Words>> = {
  protocol: {
    TCP: proven(entries, client('destinations › DR, TUN and NAT, the last with a port of its own')),
    UDP: proven(
      services(
        'the name of a virtual server › differs between two marks of different families, and between two protocols of one group',
      ),
      client('services › UDP, a firewall mark and IPv6 are services too'),
    ),
    SCTP: proven(table('a service › of SCTP, of a firewall mark in either family, and of all ports')),
  },
  lb_algo: {
    ...each(
      ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'sh', 'dh', 'mh', 'fo', 'ovf', 'sed', 'nq'],
      scheduler,
    ),
    twos: proven(
      methods,
      client('refusals › a scheduler the kernel lacks is named with its module'),
      codec('round trip › of services'),
    ),
  },
  lb_kind: {
    NAT: proven(services('a real_server › under %s has a port of its own'), forwarding),
    DR: proven(
      resolve('a virtual_server › with DR makes the port of its servers its own'),
      forwarding,
      processInKernel(
        'the checker process on a kernel with IPVS › takes a dead server out, brings it back, repairs the table and leaves nothing of its own behind',
      ),
    ),
    TUN: tunnel,
    FULLNAT: proven(services('a real_server › under %s has a port of its own'), fullNatRule, reached),
    FNAT: proven(schemaServices('a forwarding method › %s is full NAT'), methods, fullNatRule, reached),
    ...each(['type', 'port', 'nocsum', 'csum', 'remcsum'], tunnel),
  },
  lvs_timeouts: each(
    ['tcp', 'tcpfin', 'udp'],
    proven(
      services('the settings of IPVS in global_defs › with %j set these times'),
      codec('requests are those of ipvsadm › SET_CONFIG: ipvsadm --set 600 60 30'),
    ),
  ),
  lvs_sync_daemon: {
    inst: proven(sync, commands('the connection synchronization › follows its instance, and no other')),
    id: proven(
      sync,
      table(
        'the connection synchronization › starts, is seen by ipvsadm and by us, and stops; stopping it again is a success',
      ),
    ),
    ...each(
      ['maxlen', 'port', 'ttl', 'group'],
      proven(
        sync,
        table(
          'the connection synchronization › has its port, ttl, length and group as told, of either family',
        ),
      ),
    ),
  },
  'a line of virtual_server_group': {
    fwmark: proven(
      entries,
      table('a service › of SCTP, of a firewall mark in either family, and of all ports'),
    ),
    ...each(
      ['inet', 'inet6'],
      proven(entries, table('a service › of SCTP, of a firewall mark in either family, and of all ports')),
    ),
  },
};
