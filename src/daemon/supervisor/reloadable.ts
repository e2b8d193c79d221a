/**
 * What a reload cannot change while the daemon runs. keepalived gives such a reload up as a whole; here the value from before
 * stays, with a sentence for the log, and everything else is applied.
 */
import type { Config, DaemonConfig } from '../../config-parser/config.ts';

export interface Reloadable {
  /** `next`, with what cannot change as it was. */
  readonly config: Config;
  /** One sentence for each difference that is not applied. */
  readonly refused: readonly string[];
}

const daemonWords = {
  instance: 'instance',
  netNamespace: 'net_namespace',
  netNamespaceIpvs: 'net_namespace_ipvs',
  temporaryFolder: 'tmp_config_directory',
} as const satisfies Record<keyof DaemonConfig, string>;

/** What of `next` can be applied to a daemon that runs with `previous`. */
export function reloadable(previous: Config, next: Config): Reloadable {
  const refused: string[] = [];
  for (const [member, word] of Object.entries(daemonWords)) {
    const [before, after] = [previous.daemon, next.daemon].map((one) => one?.[member as keyof DaemonConfig]);
    if (before !== after) refused.push(sentence(word, before, after));
  }
  const [before, after] = [previous.globalDefs.vrrp, next.globalDefs.vrrp];
  if (before.firewall.table !== after.firewall.table) {
    refused.push(sentence('nftables', before.firewall.table, after.firewall.table));
  }
  if (before.disableLocalIgmp !== after.disableLocalIgmp) {
    refused.push(
      sentence('disable_local_igmp', onOff(before.disableLocalIgmp), onOff(after.disableLocalIgmp)),
    );
  }
  return { config: refused.length === 0 ? next : withFixed(previous, next), refused };
}

function withFixed(previous: Config, next: Config): Config {
  const { firewall, disableLocalIgmp } = previous.globalDefs.vrrp;
  const vrrp = {
    ...next.globalDefs.vrrp,
    firewall: { ...next.globalDefs.vrrp.firewall, table: firewall.table },
    disableLocalIgmp,
  };
  const { daemon: _, ...rest } = next;
  const config = { ...rest, globalDefs: { ...next.globalDefs, vrrp } };
  return previous.daemon === undefined ? config : { ...config, daemon: previous.daemon };
}

function sentence(word: string, before: string | undefined, after: string | undefined): string {
  const found = after === undefined ? `${word} is gone` : `${word} is now ${after}`;
  const stays = before === undefined ? 'holdfast goes on without' : `holdfast goes on with ${before}`;
  return `${found}, which a reload cannot change: ${stays} until it is restarted. The rest is applied`;
}

function onOff(value: boolean): string {
  return value ? 'on' : 'off';
}
