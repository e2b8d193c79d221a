/** vrrp_instance, but for what it tracks and whom it tells. */
import {
  addressesInKernel,
  advertisementWriter,
  announcerInKernel,
  arpKeywords,
  besideInPairs,
  disturbances,
  effects,
  electionKeywords,
  firewallInKernel,
  heldKeywords,
  hmac,
  hostSetup,
  instances,
  linksInKernel,
  reception,
  resolve,
  resolveHmac,
  resolveLink,
  resolveStrict,
  resolveTransport,
  routesInKernel,
  schemaInstance,
  socketPlace,
  stateMachine,
  stories,
  virtualLinks,
  wireKeywords,
} from './tests.ts';
import { inFile, proven, settledWhileReading, type Verdict } from './verdict.ts';

const values = resolve('a vrrp_instance › with %j means it');
const strictValues = resolveStrict('what an instance does › with %j is as it says');
const place = socketPlace('the place of an instance › with %j is another one');
const faultsOfPlace = socketPlace('a fault › with %j: %j');
const firstBytes = wireKeywords(
  'an advertisement › of version 2 has version and type, VRID, priority, number of addresses, interval',
);
const waits = (title: string) => electionKeywords(`how long a Backup waits › ${title}`);
const unicastSocket = inFile('integration/network/vrrp-socket-unicast');

const identity: Readonly<Record<string, Verdict>> = {
  state: proven(values, waits('does not depend on state: MASTER is a hint'), besideInPairs),
  interface: proven(
    resolve('a vrrp_instance › without %s cannot run'),
    socketPlace('the place of an instance › is its interface, the group, and the first address'),
    besideInPairs,
  ),
  virtual_router_id: proven(
    resolve('a vrrp_instance › says of a bad VRID what is allowed and what was found'),
    firstBytes,
    besideInPairs,
  ),
  priority: proven(
    values,
    firstBytes,
    waits('depends on priority: 255 waits for nothing'),
    stories('who becomes Master › neighbouring priorities are told apart: 101 takes over 3.9 ms before 100'),
    besideInPairs,
  ),
  advert_int: proven(values, firstBytes, waits('depends on advert_int'), besideInPairs),
  version: proven(
    values,
    wireKeywords('an advertisement › of version 3 has its interval in hundredths: %j beside %j'),
    wireKeywords('what is heard › by an instance with %j of one with %j is %s'),
    besideInPairs,
  ),
  native_ipv6: settledWhileReading(
    'an instance with IPv6 addresses is one of IPv6 without it',
    schemaInstance('the keywords of vrrp_instance › native_ipv6 can be deleted'),
  ),
  vrf: proven(
    resolveTransport(
      'an instance without an interface › may be in a VRF, and speaks to its peers from its source address',
    ),
    socketPlace('the place of an instance › may be a VRF without an interface'),
    inFile('integration/kernel/vrrp-socket')(
      'a unicast VRRP socket in a VRF › finds its source address and its peers there, and without the VRF does not',
    ),
  ),
};

const hmacValues = resolveHmac('auth_hmac › with %s means it');

const addresses: Readonly<Record<string, Verdict>> = {
  authentication: proven(
    resolveHmac('authentication › is not there with %s'),
    wireKeywords('what is heard › by an instance with %j of one with %j is %s'),
    besideInPairs,
  ),
  auth_hmac: proven(
    hmacValues,
    hmac('%s › what a peer of the same keys sends is accepted, with 28 bytes behind the message'),
  ),
  virtual_ipaddress: proven(
    resolve('a vrrp_instance › reads the options of its addresses'),
    heldKeywords('a new Master › adds and announces virtual_ipaddress and virtual_ipaddress_excluded alike'),
    addressesInKernel(
      'addAddresses › the address is in place before the call returns, also of a second call in the same turn',
    ),
    besideInPairs,
  ),
  virtual_ipaddress_excluded: proven(
    heldKeywords('a new Master › adds and announces virtual_ipaddress and virtual_ipaddress_excluded alike'),
    wireKeywords(
      'an advertisement › names what virtual_ipaddress has, and not what virtual_ipaddress_excluded has',
    ),
  ),
  no_virtual_ipaddress: proven(
    resolveStrict('what an instance does › may hold no address where that is said'),
    wireKeywords('an advertisement › names nobody where no_virtual_ipaddress allows that'),
  ),
  promote_secondaries: proven(
    inFile('daemon/vrrp-process/host-sysctls')(
      'promote_secondaries is set once on each interface of an instance that wants it, and a failure is told',
    ),
    resolveLink('the link of an instance › has promote_secondaries by itself'),
    inFile('integration/network/sysctl')(
      'settings are changed in the namespace of the process, and what they were is told',
    ),
    inFile('integration/network/link-monitor')('with the primary address gone the promoted one is primary'),
  ),
  virtual_routes: proven(
    resolveStrict('what an instance does › holds its routes and rules'),
    heldKeywords('a new Master › adds virtual_routes and virtual_rules, and takes them away in the end'),
    routesInKernel('routes › are in place before the call returns'),
  ),
  virtual_rules: proven(
    resolveStrict('what an instance does › holds its routes and rules'),
    heldKeywords('a new Master › adds virtual_routes and virtual_rules, and takes them away in the end'),
    routesInKernel('rules › %s'),
  ),
};

const transport: Readonly<Record<string, Verdict>> = {
  mcast_src_ip: proven(
    resolve(
      'a vrrp_instance › takes an address out of keepalived notation, with the source and group of advertisements',
    ),
    place,
    inFile('integration/network/vrrp-socket')(
      'the VRRP socket over IPv4 › sends from the address it is given, not only from the first of the interface',
    ),
  ),
  mcast_dst_ip: proven(
    resolveTransport('where advertisements go › with %j is as it says'),
    wireKeywords('an advertisement › with %j beside %j goes to %s'),
    place,
  ),
  unicast_src_ip: proven(
    resolveTransport(
      'where advertisements come from › is the later of unicast_src_ip and mcast_src_ip, which are one thing',
    ),
    place,
    besideInPairs,
  ),
  unicast_peer: proven(
    resolveTransport('where advertisements go › with %j is as it says'),
    wireKeywords('an advertisement › goes to each unicast_peer'),
    unicastSocket('unicast over IPv4 › sends different bytes to each of several peers from one socket'),
    besideInPairs,
  ),
  unicast_ttl: proven(
    resolveTransport('where advertisements go › with %j is as it says'),
    place,
    advertisementWriter('auth_type AH › unicast has the TTL of unicast_ttl, which the digest leaves out'),
    unicastSocket(
      'unicast over IPv4 › goes both ways between sockets without an interface, with the TTL asked for',
    ),
  ),
  unicast_fault_no_peer: proven(
    resolveTransport('where advertisements go › with %j is as it says'),
    faultsOfPlace,
  ),
  check_unicast_src: proven(
    resolveTransport('where advertisements go › with %j is as it says'),
    wireKeywords('what is heard › from no peer with %j beside %j is %s'),
    reception('in unicast › check_unicast_src accepts peers only'),
  ),
  old_unicast_checksum: proven(
    resolveTransport('the checksum › of unicast with %j is %s'),
    wireKeywords(
      'an advertisement › has in unicast the checksum of old keepalived with old_unicast_checksum',
    ),
  ),
  v3_checksum_as_v2: proven(
    resolveTransport('the checksum › of version 3 with %j and %j leaves the pseudo-header out: %s'),
    wireKeywords('an advertisement › has the checksum of version 2 with v3_checksum_as_v2: %j beside %j'),
    reception('v3_checksum_as_v2 › RFC9568-5.2.8: the message alone is summed, and nothing else is accepted'),
  ),
  track_src_ip: proven(
    resolveTransport('where advertisements come from › is tracked only where it is written'),
    faultsOfPlace,
  ),
};

const linkValues = resolveLink('the link of an instance › with %j is what it says');
const links: Readonly<Record<string, Verdict>> = {
  use_vmac: proven(
    linkValues,
    heldKeywords('where the addresses are held › with %j beside %j is the macvlan %s'),
    virtualLinks('the links of the instances › of %s are made, and removed in the end'),
    linksInKernel(
      'virtual links › a macvlan of IPv4 is as keepalived has it, is adopted, and leaves its base as it was',
    ),
    inFile('integration/kernel/vrrp-socket')(
      'a VRRP socket on a macvlan › sends from the virtual MAC address with the address of the interface below, and hears the link',
    ),
  ),
  use_vmac_addr: proven(
    strictValues,
    heldKeywords('where the addresses are held › with use_vmac_addr are macvlans on other interfaces too'),
    instances(
      'the names of further links › are those of one instance each, also where several have the same VRID',
    ),
  ),
  vmac_xmit_base: proven(
    linkValues,
    place,
    resolveLink(
      'the link of an instance › sends unicast by the interface, and says so where that is not written',
    ),
  ),
  use_ipvlan: proven(
    linkValues,
    place,
    virtualLinks('the links of the instances › of %s are made, and removed in the end'),
    linksInKernel(
      'virtual links › an ipvlan has its mode and its address, and cannot share its base with a macvlan',
    ),
  ),
  dont_track_primary: proven(
    strictValues,
    socketPlace('a fault › is an interface that is down, unless dont_track_primary'),
  ),
};

const takesOver = electionKeywords('a Backup that hears a lower priority › takes over with %j');
const election: Readonly<Record<string, Verdict>> = {
  preempt: proven(values, takesOver),
  nopreempt: proven(
    values,
    electionKeywords('a Backup that hears a lower priority › never does with %j'),
    stories('who becomes Master › nopreempt leaves mastership with whoever has it'),
  ),
  preempt_delay: proven(
    values,
    electionKeywords('a Backup that hears a lower priority › waits for preempt_delay first'),
    stateMachine(
      'preempt_delay › runs from the first advertisement of lower priority; until its end that Master is followed',
    ),
  ),
  down_timer_adverts: proven(waits('depends on down_timer_adverts: %j beside %j')),
  lower_prio_no_advert: proven(
    values,
    electionKeywords(
      'a Master that hears › a lower priority is silent with lower_prio_no_advert: %j beside %j',
    ),
  ),
  higher_prio_send_advert: proven(
    values,
    electionKeywords(
      'a Master that hears › a higher one sends once more with higher_prio_send_advert: %j beside %j',
    ),
  ),
  owner_ignore_adverts: proven(
    strictValues,
    electionKeywords('a Master that hears › another owner of a higher address with %j beside %j is %s'),
    reception('owner_ignore_adverts › drops what is right in all else, and only at the owner'),
  ),
  timer_expired_backup: proven(
    strictValues,
    electionKeywords('a Master that hears › nobody after it did not run for a minute is with %j %s'),
    inFile('vrrp/pause')(
      'a Master that did not run for longer than a Backup waits › with timer_expired_backup takes it for granted that somebody took over',
    ),
  ),
  skip_check_adv_addr: proven(
    values,
    electionKeywords(
      'an address list that is not ours › is looked for only in the first of a Master with skip_check_adv_addr: %j beside %j',
    ),
    inFile('vrrp/hearing')(
      'an address list that is not ours is reported and accepted › skip_check_adv_addr looks at a new Master only',
    ),
  ),
};

const behaviour: Readonly<Record<string, Verdict>> = {
  accept: proven(strictValues, hostSetup('packets to the virtual addresses › are taken in with %j')),
  no_accept: proven(
    strictValues,
    hostSetup('packets to the virtual addresses › are dropped with %s'),
    firewallInKernel('the firewall › nothing sent to %s is taken in, and what is sent to %s is'),
  ),
  strict_mode: proven(
    resolveStrict(
      'strict mode › takes away what goes beyond the RFC, and drops what is sent to the addresses',
    ),
    resolveStrict('strict mode › does not allow %j'),
    hostSetup('packets to the virtual addresses › are dropped with %s'),
    electionKeywords('a Master that hears › another owner of a higher address with %j beside %j is %s'),
  ),
  kernel_rx_buf_size: proven(
    strictValues,
    place,
    inFile('daemon/vrrp-process/advertisement-sockets')(
      'instances on one interface › get the largest receive buffer that one of them asks for',
    ),
    inFile('kernel/datagram-socket')('options › enlarge the receive buffer with and without privilege'),
  ),
};

const garp: Readonly<Record<string, Verdict>> = {
  garp_master_delay: proven(
    resolve('a vrrp_instance › has its garp values from itself, else from global_defs, else from keepalived'),
    arpKeywords('a new Master announces its addresses › again after garp_master_delay: %j beside %j'),
  ),
  garp_master_repeat: proven(
    arpKeywords('a new Master announces its addresses › as often as garp_master_repeat says: %j beside %j'),
    announcerInKernel(
      'the announcer › announces IPv4 and IPv6 addresses with the MAC address of the interface that holds them',
    ),
  ),
  garp_master_refresh: proven(
    arpKeywords('a Master goes on announcing › every garp_master_refresh: %j beside %j'),
    stateMachine('gratuitous ARP › is refreshed every garp_master_refresh, without drift'),
  ),
  garp_master_refresh_repeat: proven(
    arpKeywords('a Master goes on announcing › as often as garp_master_refresh_repeat says: %j beside %j'),
  ),
  garp_lower_prio_delay: proven(
    arpKeywords(
      'a Master that hears a lower priority announces › again after garp_lower_prio_delay: %j beside %j',
    ),
  ),
  garp_lower_prio_repeat: proven(
    arpKeywords(
      'a Master that hears a lower priority announces › as often as garp_lower_prio_repeat says: %j beside %j',
    ),
    arpKeywords('a Master that hears a lower priority announces › nothing with garp_lower_prio_repeat 0'),
  ),
  garp_extra_if: proven(
    resolveStrict(
      'what an instance does › announces on other interfaces as the instance says, else global_defs',
    ),
    arpKeywords('a Master goes on announcing › on other interfaces every garp_extra_if: %j beside %j'),
    effects('garp_extra_if › announces on the macvlans that no advertisement leaves by'),
  ),
};

export const instance: Readonly<Record<string, Verdict>> = {
  ...identity,
  ...addresses,
  ...transport,
  ...links,
  ...election,
  ...behaviour,
  ...garp,
};

export const instanceBlock: Verdict = proven(
  resolve('a vrrp_instance › that says nothing more has the defaults of keepalived'),
  stories('the tutorial › when lb01 dies lb02 takes over within its Master_Down_Interval'),
  disturbances('lb01 is in Fault while its interface is down, and Master again once it is up'),
  besideInPairs,
);
