/** What the log says of a table that a start has found in the kernel. Pure. */
import type { RealServerConfig, VirtualServerConfig } from '../../config-parser/config.ts';
import { realServerKey } from '../../healthcheck/index.ts';
import type { LogRecord } from '../ipc.ts';
import type { Serving } from './adoption.ts';
import { realServerName } from './server-names.ts';

/** How many servers one line names; the rest is counted. */
const namedServers = 6;

export function describeAdoption(
  virtualServers: readonly VirtualServerConfig[],
  found: ReadonlyMap<string, Serving | undefined>,
): readonly LogRecord[] {
  const adopted = virtualServers.flatMap((server) => {
    const serving = found.get(server.name);
    return serving === undefined ? [] : [{ server, serving }];
  });
  if (adopted.length === 0) return [];
  const out = adopted.flatMap(({ server, serving }) =>
    server.realServers
      .filter((real) => real.checkers.length > 0 && !serving.realServers.has(realServerKey(real)))
      .map((real) => nameOf(real, server)),
  );
  const weighed = adopted.flatMap(({ server, serving }) =>
    server.realServers.flatMap((real) => {
      const weight = serving.weightsSet.get(realServerKey(real));
      return weight === undefined ? [] : [`${nameOf(real, server)} ${weight} in place of ${real.weight}`];
    }),
  );
  const finding = `Found ${adopted.length === 1 ? '1 virtual server' : `${adopted.length} virtual servers`} at work in the IPVS table`;
  const stays =
    out.length === 0 ? '' : `, and those that do not serve stay out until a check succeeds: ${listed(out)}`;
  return [
    notice(`${finding}: the servers in it go on${stays}`),
    ...(weighed.length === 0
      ? []
      : [notice(`These go on with the weight that their MISC_CHECK has set: ${listed(weighed)}`)]),
  ];
}

function nameOf(real: RealServerConfig, server: VirtualServerConfig): string {
  return `${realServerName(real, server)} of ${server.name}`;
}

function listed(names: readonly string[]): string {
  const more = names.length > namedServers ? ` and ${names.length - namedServers} more` : '';
  return `${names.slice(0, namedServers).join(', ')}${more}`;
}

function notice(message: string): LogRecord {
  return { level: 'notice', message };
}
