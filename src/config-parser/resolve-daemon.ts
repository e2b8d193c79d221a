/** keepalived.conf(5): what stands outside of all blocks and cannot change while the daemon runs. */
import type { BlockValues } from './block-values.ts';
import type { DaemonConfig } from './config.ts';
import type { globalDefs, root } from './schema/index.ts';

export function resolveDaemon(
  values: BlockValues<typeof root.keywords>,
  globals: BlockValues<typeof globalDefs.keywords>,
): DaemonConfig | undefined {
  const instance = values.value('instance');
  const netNamespace = values.value('net_namespace');
  const netNamespaceIpvs = values.value('net_namespace_ipvs');
  const temporaryFolder = globals.value('tmp_config_directory');
  const config: DaemonConfig = {
    ...(instance !== undefined && { instance }),
    ...(netNamespace !== undefined && { netNamespace }),
    ...(netNamespaceIpvs !== undefined && { netNamespaceIpvs }),
    ...(temporaryFolder !== undefined && { temporaryFolder }),
  };
  return Object.keys(config).length === 0 ? undefined : config;
}
