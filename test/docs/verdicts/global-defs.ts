/** global_defs, as far as it is not what instances fall back to. */
import { ofAllProcesses, processWords } from './processes.ts';
import {
  announcements,
  announcerInKernel,
  commands,
  disturbances,
  effects,
  firewallInKernel,
  firewallText,
  globalKeywords,
  instances,
  lifecycle,
  linesAsKeepalived,
  mailQueue,
  mailsAsKeepalived,
  namedPipes,
  notifications,
  pipeOwner,
  resolveGlobals,
  resolveLink,
  resolveNotify,
  vrrpProcess,
} from './tests.ts';
import {
  alwaysSo,
  each,
  inFile,
  notDone,
  proven,
  settledWhileReading,
  type Verdict,
  withoutEffect,
} from './verdict.ts';

const values = resolveGlobals('global_defs of VRRP › with %j are as they say');
const mailValues = resolveNotify('mail › with %s is as it says');
const lifecycleValues = resolveNotify(
  'scripts of the daemon › run at the start and at the end, the first of two',
);
const scriptValues = resolveNotify(
  'scripts of the daemon › run as whom, and are refused when, is as it says',
);
const pipes = resolveNotify('named pipes › have their owner and their reader');
const pipeSpeaks = namedPipes('a named pipe › has keepalived’s lines when a notifier writes them');
const pipeReader = namedPipes(
  'the reader of a pipe › gets the path as its last argument, and everything that was written before the end',
);

const mail: Readonly<Record<string, Verdict>> = {
  router_id: proven(
    globalKeywords('mail › bears the name that router_id gives'),
    mailQueue('a mail › has keepalived’s headers and text, our name, and the time of its event'),
    mailsAsKeepalived,
  ),
  notification_email: proven(
    mailValues,
    mailQueue('mails › go to the other recipients when one is refused'),
    mailsAsKeepalived,
  ),
  notification_email_from: proven(
    mailValues,
    mailQueue(
      'a mail › without a configured sender is from our user at this host, and greets with the host’s name',
    ),
    mailsAsKeepalived,
  ),
  smtp_server: proven(
    mailValues,
    mailQueue('mails › wait for a server that is down, in order, and that is said once for each outage'),
    mailsAsKeepalived,
  ),
  smtp_helo_name: proven(
    mailValues,
    mailQueue('a mail › has keepalived’s headers and text, our name, and the time of its event'),
  ),
  smtp_connect_timeout: proven(
    mailValues,
    mailQueue('mails › are tried again when the server takes the connection and says nothing'),
  ),
  ...each(
    ['smtp_alert', 'smtp_alert_vrrp'],
    proven(
      resolveNotify('whom an instance tells › with %j in global_defs and %j gets mail: %s'),
      notifications('mail › is sent neither without a server nor without smtp_alert'),
    ),
  ),
  no_email_faults: proven(
    mailValues,
    notifications('mail › about a fault is not sent with no_email_faults, and no other is held back by it'),
  ),
};

const scripts: Readonly<Record<string, Verdict>> = {
  ...each(
    ['startup_script', 'shutdown_script'],
    proven(
      lifecycleValues,
      lifecycle(
        'startup_script and shutdown_script › have ended with what they do when the promise resolves',
      ),
      inFile('daemon/supervisor/stopping')(
        'scripts around it all › no child gets its configuration before startup_script has ended',
      ),
    ),
  ),
  ...each(
    ['startup_script_timeout', 'shutdown_script_timeout'],
    proven(
      lifecycleValues,
      globalKeywords(
        'startup_script and shutdown_script › have the time of startup_script_timeout and shutdown_script_timeout',
      ),
      lifecycle('startup_script and shutdown_script › are ended when their time is over, and that is said'),
    ),
  ),
  script_user: proven(
    scriptValues,
    commands('the account of a command › is script_user where the command names none'),
    pipeOwner('a named pipe › without one belongs to script_user and its group'),
  ),
  enable_script_security: proven(
    scriptValues,
    commands('script security › refuses %s, and only warns without enable_script_security'),
  ),
  use_symlink_paths: proven(
    scriptValues,
    commands(
      'the program of a command › is executed by its real path, or by the link with use_symlink_paths',
    ),
  ),
  set_supplementary_groups: proven(
    scriptValues,
    commands('the account of a command › has its supplementary groups only with set_supplementary_groups'),
  ),
};

const processes: Readonly<Record<string, Verdict>> = {
  ...ofAllProcesses,
  ...processWords('vrrp'),
  ...processWords('bfd'),
  ...each(
    ['max_auto_priority', 'min_auto_priority_delay'],
    notDone('no process changes its priority by itself; vrrp_rt_priority sets it from the start'),
  ),
  random_seed: notDone('what is random need not be repeatable'),
  umask: notDone('files that are made have the permissions that they need, whatever the umask is'),
};

const host: Readonly<Record<string, Verdict>> = {
  dynamic_interfaces: alwaysSo(
    'an interface may always come later, and come back as another kind',
    values,
    vrrpProcess('an interface that comes later › ends the fault with %j: it need not be there at the start'),
    disturbances('an interface that is deleted is a fault, and one of the same name made anew ends it'),
  ),
  default_interface: settledWhileReading(
    'the interface is written into every static address that names none',
    resolveGlobals('static items › have their interface from dev, else from default_interface, else eth0'),
  ),
  vrrp_startup_delay: proven(
    values,
    vrrpProcess('the start › is put off by %s, which the log says'),
    vrrpProcess('the start › is put off once: a reload during the delay counts from the start of the delay'),
  ),
  vrrp_delay_after_boot: proven(
    values,
    vrrpProcess('the start › is put off by %s, which the log says'),
    vrrpProcess('the start › is not put off once the machine has run for longer than vrrp_delay_after_boot'),
  ),
  log_unknown_vrids: proven(
    values,
    vrrpProcess('with %j a foreign VRID is told of as %j'),
    inFile('daemon/vrrp-process/advertisement-sockets')(
      'a datagram that nobody claims › is counted each time and reported once a VRID',
    ),
  ),
  disable_local_igmp: proven(
    values,
    inFile('daemon/vrrp-process/host-sysctls')('disable_local_igmp has the kernel send no reports'),
    inFile('integration/network/sysctl')(
      'settings are changed in the namespace of the process, and what they were is told',
    ),
    inFile('daemon/supervisor/reloadable')(
      'what a reload cannot change › disable_local_igmp stays as it was',
    ),
  ),
  vmac_prefix: proven(
    resolveLink('the link of an instance › is named after vmac_prefix'),
    instances('the names of further links › with %j are %j'),
  ),
  vmac_addr_prefix: proven(
    resolveLink('the link of an instance › is named after vmac_prefix'),
    instances('the names of further links › with %j are %j'),
  ),
};

const pauses: Readonly<Record<string, Verdict>> = {
  vrrp_garp_interval: proven(
    values,
    announcements('vrrp_garp_interval › is the pause between two announcements on one interface'),
    inFile('vrrp/announcement-queue')('a late timer keeps the pause: two never leave together'),
  ),
  vrrp_gna_interval: proven(
    values,
    announcements('vrrp_garp_interval › leaves IPv6 alone, which vrrp_gna_interval is for'),
    announcerInKernel(
      'the announcer › announces IPv4 and IPv6 addresses with the MAC address of the interface that holds them',
    ),
  ),
  vrrp_garp_extra_if: proven(
    inFile('vrrp/keywords/gratuitous-arp')(
      'a Master goes on announcing › on other interfaces every garp_extra_if: %j beside %j',
    ),
    effects('garp_extra_if › with "all" announces on every other interface'),
  ),
};

const firewall: Readonly<Record<string, Verdict>> = {
  nftables: proven(
    values,
    firewallText('what is desired › has the table, priority, counters and indexes that are asked for'),
    firewallInKernel('the firewall › nothing sent to %s is taken in, and what is sent to %s is'),
    firewallInKernel(
      'the firewall › the table of somebody else stays, and one that is refused changes nothing',
    ),
  ),
  ...each(
    ['nftables_priority', 'nftables_counters'],
    proven(
      values,
      globalKeywords('the firewall › with %s has "%s" in it'),
      firewallText('what is desired › has the table, priority, counters and indexes that are asked for'),
    ),
  ),
  nftables_ifindex: proven(
    values,
    globalKeywords('the firewall › compares interfaces by number with nftables_ifindex'),
    firewallInKernel('the firewall › a link-local address is refused on its interface alone (by index: %s)'),
  ),
  vrrp_iptables: withoutEffect('the same packets are dropped by the table of nftables, in chains of its own'),
  vrrp_ipsets: notDone('the table of nftables has sets of its own'),
};

const pipesAndOthers: Readonly<Record<string, Verdict>> = {
  notify_fifo: proven(pipes, pipeSpeaks, namedPipes('a named pipe › belongs to the account that is named')),
  vrrp_notify_fifo: proven(pipes, pipeSpeaks, linesAsKeepalived),
  ...each(
    ['notify_fifo_script', 'vrrp_notify_fifo_script'],
    proven(
      globalKeywords('vrrp_notify_fifo_script and notify_fifo_script read the pipe of their kind'),
      pipes,
      pipeReader,
    ),
  ),
  fifo_write_vrrp_states_on_reload: proven(
    resolveNotify('named pipes › get all states after a reload where that is said'),
    vrrpProcess('a reload › with %j tells of %j'),
    notifications('an event of an instance › told again after a reload goes to the named pipes alone'),
  ),
  ...each(
    [
      'snmp_socket',
      'enable_traps',
      'enable_snmp_vrrp',
      'enable_snmp_rfc',
      'enable_snmp_rfcv2',
      'enable_snmp_rfcv3',
    ],
    notDone('there is no SNMP agent; "holdfast ctl status" and the metrics tell the same'),
  ),
  ...each(
    ['enable_dbus', 'dbus_service_name', 'dbus_no_interface_name'],
    notDone('nothing is offered on D-Bus; "holdfast ctl" asks and commands'),
  ),
  ...each(
    [
      'vrrp_netlink_cmd_rcv_bufs',
      'vrrp_netlink_monitor_rcv_bufs',
      'process_monitor_rcv_bufs',
      'vrrp_netlink_cmd_rcv_bufs_force',
      'vrrp_netlink_monitor_rcv_bufs_force',
      'process_monitor_rcv_bufs_force',
      'vrrp_rx_bufs_policy',
      'vrrp_rx_bufs_multiplier',
    ],
    notDone('buffers are of a size that fits; what is lost all the same is noticed, and read again'),
  ),
};

export const globalSettings: Readonly<Record<string, Verdict>> = {
  ...mail,
  ...scripts,
  ...processes,
  ...host,
  ...pauses,
  ...firewall,
  ...pipesAndOthers,
};
