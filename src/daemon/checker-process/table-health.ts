/** Health in the words of the IPVS table, which knows servers and quorums but no checkers. */
import type { VirtualServerConfig } from '../../config-parser/config.ts';
import { effectiveWeight, isRealServerUp, type VirtualServerHealth } from '../../healthcheck/index.ts';
import { serverKey, type VirtualServerHealth as TableHealth } from '../../ipvs-sync/index.ts';

/** A server that an operator has drained counts as down: with `tableConfig` that is weight 0, and its connections live on. */
export function tableHealth({ hasQuorum, realServers }: VirtualServerHealth): TableHealth {
  return {
    quorumUp: hasQuorum,
    realServers: new Map(
      realServers.map((real) => [
        serverKey(real.config),
        { isUp: isRealServerUp(real) && !real.isHeld, weight: effectiveWeight(real) },
      ]),
    ),
  };
}

/** A drained server stays in the table whatever its checks say, and whoever serves: as if it had inhibit_on_failure. */
export function tableConfig({ config, realServers }: VirtualServerHealth): VirtualServerConfig {
  if (!realServers.some(({ isHeld }) => isHeld)) return config;
  return {
    ...config,
    realServers: realServers.map((real) => {
      return real.isHeld ? { ...real.config, inhibitOnFailure: true } : real.config;
    }),
  };
}
