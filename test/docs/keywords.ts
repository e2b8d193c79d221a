/**
 * Every word of keepalived.conf(5) that concerns VRRP, from the keyword tables: the keywords of its blocks, and the options of
 * the lines that stand in them. A word that a table gains is here by itself.
 */
import {
  addressEntry,
  type BlockSchema,
  globalDefs,
  isList,
  type Keyword,
  root,
  staticAddressEntry,
} from '../../src/config-parser/schema/index.ts';
import { staticRoute, virtualRoute } from '../../src/config-parser/schema/route-entry.ts';
import { staticRule, virtualRule } from '../../src/config-parser/schema/rule-entry.ts';
import { vrrpInstance } from '../../src/config-parser/schema/vrrp-instance.ts';
import type { Word } from '../../src/config-parser/words.ts';
import { optionsIn } from './syntax-options.ts';

export interface CoveredWord {
  /** What it stands in: a block, or `address`, `route` and so on for the lines of several lists. */
  readonly block: string;
  readonly word: string;
  /** False where the tables say that holdfast reads it and does nothing. */
  readonly actedOn: boolean;
}

/** These concern services and their checks; their names are checked against the tables. */
export const ofLvs: Readonly<Record<'' | 'global_defs', readonly string[]>> = {
  '': [
    'virtual_server',
    'virtual_server_group',
    'local_address_group',
    'SSL',
    'net_namespace_ipvs',
    'namespace_with_ipsets',
  ],
  global_defs: [
    'smtp_alert_checker',
    'checker_log_all_failures',
    'no_checker_emails',
    'checker_process_name',
    'checker_priority',
    'checker_no_swap',
    'checker_rt_priority',
    'checker_cpu_affinity',
    'checker_rlimit_rttime',
    'nftables_ipvs',
    'nftables_ipvs_priority',
    'nftables_ipvs_start_fwmark',
    'lvs_timeouts',
    'lvs_flush',
    'lvs_flush_on_stop',
    'lvs_sync_daemon',
    'rs_init_notifies',
    'lvs_notify_fifo',
    'lvs_notify_fifo_script',
    'enable_snmp_checker',
    'snmp_vs_stats_update_interval',
    'snmp_rs_stats_update_interval',
    'lvs_netlink_cmd_rcv_bufs',
    'lvs_netlink_monitor_rcv_bufs',
    'lvs_netlink_cmd_rcv_bufs_force',
    'lvs_netlink_monitor_rcv_bufs_force',
  ],
};

/** Outside of all blocks: of the daemon and its processes. */
const ofProcesses = ['net_namespace', 'instance', 'use_pid_dir', 'child_wait_time'];

export const notOfVrrp: Readonly<Record<string, readonly string[]>> = {
  ...ofLvs,
  '': [...ofLvs[''], ...ofProcesses],
};

/** Of global_defs: files and reloading, which all of the daemon shares. */
export const ofTheDaemon: readonly string[] = [
  'reload_check_config',
  'reload_time_file',
  'reload_repeat',
  'reload_file',
  'include_check',
  'config_save_dir',
  'tmp_config_directory',
  'data_use_instance',
  'json_version',
  'state_dump_file',
  'stats_dump_file',
  'json_dump_file',
  'iproute_usr_dir',
  'iproute_etc_dir',
];

export function vrrpWords(): readonly CoveredWord[] {
  return [...keywordsIn(root, []), ...lineOptions()];
}

/** Whether a table has the keyword: for lists of exceptions, which must not outlive it. */
export function isKeyword(block: string, word: string): boolean {
  return word in (block === 'global_defs' ? globalDefs : root).keywords;
}

function keywordsIn(block: BlockSchema, path: readonly string[]): readonly CoveredWord[] {
  const name = path.join(' > ');
  const excepted = new Set([...(notOfVrrp[name] ?? []), ...(name === 'global_defs' ? ofTheDaemon : [])]);
  return Object.entries(block.keywords)
    .filter(([word]) => !excepted.has(word))
    .flatMap(([word, entry]) => [
      { block: name, word, actedOn: entry.actedOn },
      ...innerKeywords(entry, [...path, word]),
    ]);
}

function innerKeywords({ block }: Keyword, path: readonly string[]): readonly CoveredWord[] {
  return block === undefined || isList(block) ? [] : keywordsIn(block, path);
}

function lineOptions(): readonly CoveredWord[] {
  const { keywords } = vrrpInstance;
  const lists = ['track_interface', 'track_script', 'track_file', 'track_process', 'track_bfd'] as const;
  return [
    ...options('address', addressEntry.syntax, staticAddressEntry.syntax),
    ...options('route', virtualRoute.syntax, staticRoute.syntax),
    ...routeTypes(),
    ...options('rule', virtualRule.syntax, staticRule.syntax),
    ...lists.flatMap((list) =>
      // The block track_file of the file itself has keywords of its own.
      options(
        list === 'track_file' ? 'a line of track_file' : list,
        keywords[list].block?.entry.syntax ?? '',
      ),
    ),
    ...options('unicast_peer', keywords.unicast_peer.block?.entry.syntax ?? ''),
    ...options('use_vmac', keywords.use_vmac.argument.syntax),
    ...options('use_ipvlan', keywords.use_ipvlan.argument.syntax),
  ];
}

function options(block: string, ...syntaxes: readonly string[]): readonly CoveredWord[] {
  const words = new Set(syntaxes.flatMap(optionsIn));
  return [...words].map((word) => ({ block, word, actedOn: true }));
}

/** ip-route(8)'s types, of those that a route may begin with. */
function routeTypes(): readonly CoveredWord[] {
  const types = ['unicast', 'local', 'broadcast', 'anycast', 'multicast', 'throw', 'unreachable', 'prohibit'];
  return [...types, 'blackhole', 'nat', 'xresolve']
    .filter((type) => virtualRoute.parse(wordsOf(`${type} 192.0.2.0/24 dev eth0`)).ok)
    .map((word) => ({ block: 'route', word, actedOn: true }));
}

function wordsOf(line: string): readonly Word[] {
  return line.split(' ').map((value) => ({ value, text: value, lead: ' ', file: '', start: 0, end: 0 }));
}
