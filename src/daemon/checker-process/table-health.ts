/** Health in the words of the IPVS table, which knows servers and quorums but no checkers. */
import { type Health, isRealServerUp } from '../../healthcheck/index.ts';
import { serverKey, serviceKey, type Health as TableHealth } from '../../ipvs-sync/index.ts';

export function tableHealth(health: Health): TableHealth {
  return new Map(
    health.virtualServers.map(({ config, hasQuorum, realServers }) => [
      serviceKey(config.service),
      {
        quorumUp: hasQuorum,
        realServers: new Map(
          realServers.map((server) => [serverKey(server.config), { isUp: isRealServerUp(server) }]),
        ),
      },
    ]),
  );
}
