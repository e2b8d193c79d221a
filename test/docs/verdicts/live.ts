/** What whole daemons in namespaces show beyond the other proofs, by block and word. */
import { besideKeepalived, inFile, type Proof, type Verdict, type Verdicts } from './verdict.ts';

const ofOurs = inFile('integration/network/protocols')(
  'both run holdfast › $name: the addresses go to lb02 by a stop and a crash, and come back',
);
const tracking = inFile('integration/network/tracking');
const hostItems = inFile('integration/network/host-items');
const reload = inFile('integration/network/reload-live');
const dualMaster = inFile('integration/network/dual-master');
const interfaces = inFile('integration/network/interfaces-live');
const handOver = besideKeepalived('integration/network/hand-over');
const syncGroup = besideKeepalived('integration/network/sync-group');
const vmac = besideKeepalived('integration/network/vmac');

const fault = tracking('a script without weight that fails is a fault, and its recovery ends it');
const weight = tracking('a script with weight lowers the priority below the other, without a fault');
const first = tracking(
  'an instance waits for the first result of its script, and a missing script is a fault',
);
const file = tracking('the value of a file times its weight is added to the priority');
const runs = tracking('a process that is missing is a fault until it runs');
const delayed = tracking(
  'a tracked interface counts as down only after its delay, and a short break not at all',
);
const routes = hostItems(
  'virtual routes and rules are there while Master, come back when somebody deletes them, and go with it',
);
const statics = hostItems(
  'static items are there at a Backup too, come back when deleted, and go at the end',
);
const excluded = hostItems('excluded addresses are held and announced, and not advertised');
const group = syncGroup(
  'a sync group whose second member loses its link and gets it back › tells scripts and the named pipe what keepalived tells them',
);
const overtaken = dualMaster('with nopreempt a Master that was overtaken while it did not run is Backup');
const sameMac = vmac(
  'lb01 runs %s, lb02 %s, %s: the addresses go to lb02 and come back by the same MAC address',
);

const virtualMac = besideKeepalived('integration/kernel/vmac')(
  'lb01 runs %s, lb02 %s: the virtual MAC address says all, from whoever is Master',
);

const more: Readonly<Record<string, Readonly<Record<string, readonly Proof[]>>>> = {
  '': {
    vrrp_script: [fault],
    vrrp_track_process: [runs],
    track_file: [file],
    interface_up_down_delays: [delayed],
    static_ipaddress: [statics],
    static_routes: [statics],
    static_rules: [statics],
    vrrp_sync_group: [group],
  },
  global_defs: {
    dynamic_interfaces: [
      interfaces('with dynamic_interfaces an instance waits for an interface that is not there at the start'),
    ],
  },
  vrrp_instance: {
    priority: [reload('another priority, which still is the highest, moves nobody')],
    advert_int: [reload('an instance that has another name, or another interval, stays Master')],
    auth_hmac: [ofOurs],
    nopreempt: [overtaken],
    preempt: [
      handOver(
        'with %s as the successor › neither the stop of the Master nor its return costs the client an answer',
      ),
    ],
    track_script: [fault, weight, first],
    track_file: [file],
    track_process: [runs],
    track_interface: [delayed],
    virtual_ipaddress: [
      reload(
        'an address that is added is announced, one that is removed goes, and the others answer all the time',
      ),
      hostItems('300 addresses are held, announced and handed over'),
    ],
    virtual_ipaddress_excluded: [excluded],
    virtual_routes: [routes],
    virtual_rules: [routes],
    no_accept: [
      hostItems('no_accept refuses what is sent to the addresses, but not their ARP and neighbour discovery'),
    ],
    promote_secondaries: [
      hostItems('with promote_secondaries the virtual address outlives the address that it is secondary to'),
    ],
    notify_deleted: [
      reload('a removed instance hands over, tells that it is deleted, and leaves the other alone'),
    ],
    unicast_src_ip: [
      interfaces('an instance without an interface speaks as long as its source address is there'),
    ],
    vmac_xmit_base: [sameMac],
    use_vmac: [
      sameMac,
      virtualMac,
      interfaces(
        'a macvlan is made again with its interface, and somebody who deletes it only makes lb01 leave for a moment',
      ),
    ],
  },
  vrrp_sync_group: { group: [group], notify_master: [group], notify_fault: [group] },
};

export function withLiveProofs(verdicts: Verdicts): Verdicts {
  return Object.fromEntries(
    Object.entries(verdicts).map(([block, words]) => [block, extended(words, more[block] ?? {})]),
  );
}

function extended(
  words: Verdicts[string],
  proofs: Readonly<Record<string, readonly Proof[]>>,
): Verdicts[string] {
  return {
    ...words,
    ...Object.fromEntries(Object.entries(proofs).flatMap(([word, some]) => one(words, word, some))),
  };
}

function one(words: Verdicts[string], word: string, proofs: readonly Proof[]): [string, Verdict][] {
  const verdict = words[word];
  if (verdict === undefined || !('proofs' in verdict)) throw new Error(`${word} has no verdict with proofs`);
  return [[word, { ...verdict, proofs: [...verdict.proofs, ...proofs] }]];
}
