/** Which children a configuration has work for. */
import type { Config, NotifyConfig, VirtualServerConfig } from '../../config-parser/config.ts';
import { usedTrackers } from '../../tracking/index.ts';
import type { ChildRole } from '../ipc.ts';
import type { SupervisorOptions } from './supervisor-state.ts';

/** Whether `role` is to run with `config`: the command line allows it, and there is something for it to do. */
export function isNeeded(
  role: ChildRole,
  config: Config | undefined,
  { roles, allChildren }: Pick<SupervisorOptions, 'roles' | 'allChildren'>,
): boolean {
  if (config === undefined || !roles.includes(role)) return false;
  return allChildren || hasWorkFor(role, config);
}

/**
 * `config` without what the command line leaves out: keepalived(8) -P and -C. Whoever serves both kinds has nothing to do for the
 * one that does not run.
 */
export function partFor(roles: readonly ChildRole[], config: Config): Config {
  const withoutVrrp = {
    vrrpInstances: [],
    syncGroups: [],
    staticItems: { addresses: [], routes: [], rules: [] },
  };
  return {
    ...config,
    ...(roles.includes('vrrp') ? {} : withoutVrrp),
    ...(roles.includes('checker') ? {} : { virtualServers: [] }),
  };
}

export function hasWorkFor(role: ChildRole, config: Config): boolean {
  switch (role) {
    case 'vrrp':
      return (
        config.vrrpInstances.length > 0 || Object.values(config.staticItems).some(({ length }) => length > 0)
      );
    case 'checker':
      return config.virtualServers.length > 0;
    case 'script':
      return hasProgramsOrFiles(config);
    case 'bfd':
      return usedTrackers(config).bfds.length > 0;
    default:
      return role satisfies never;
  }
}

function hasProgramsOrFiles(config: Config): boolean {
  const { vrrpInstances, syncGroups, virtualServers, globalDefs } = config;
  const { fifos, mail } = globalDefs.notify;
  if (fifos.length > 0) return true;
  const hasMailServer = mail !== undefined;
  if ([...vrrpInstances, ...syncGroups].some(({ notify }) => tells(notify, hasMailServer))) return true;
  if (virtualServers.some((server) => tellsOfServers(server, hasMailServer))) return true;
  const { scripts, files, processes } = usedTrackers(config);
  return scripts.length + files.length + processes.length > 0;
}

function tellsOfServers(server: VirtualServerConfig, hasMailServer: boolean): boolean {
  if (server.quorumUp !== undefined || server.quorumDown !== undefined) return true;
  if (server.mail && hasMailServer) return true;
  return server.realServers.some(
    ({ notifyUp, notifyDown, mail }) =>
      notifyUp !== undefined || notifyDown !== undefined || (mail && hasMailServer),
  );
}

function tells({ priorityChanges: _, mail, ...scripts }: NotifyConfig, hasMailServer: boolean): boolean {
  return (mail && hasMailServer) || Object.values(scripts).some((script) => script !== undefined);
}
