/** What an operator's drain or resume means for the servers that there are. Pure: the holds that come of it are returned. */
import {
  type Health,
  liveWeightOf,
  realServerKey,
  recordHolds,
  type VirtualServerHealth,
} from '../../healthcheck/index.ts';
import { serverKey } from '../../ipvs-sync/index.ts';
import { parseAddress } from '../../net/address.ts';
import type { CheckerAnswer, CheckerCommand, ServerHold } from '../ipc.ts';
import { type Holds, holdKey, holdOf, withHolds } from './holds.ts';
import { realServerName } from './server-names.ts';

export type DrainCommand = Extract<CheckerCommand, { kind: 'drainServer' }>;
export type ResumeCommand = Extract<CheckerCommand, { kind: 'resumeServer' }>;

export type Ruling =
  | { readonly ok: true; readonly holds: readonly ServerHold[]; readonly lines: readonly string[] }
  | Extract<CheckerAnswer, { ok: false }>;

interface Target {
  readonly server: VirtualServerHealth;
  readonly realServer: ServerHold['realServer'];
  readonly name: string;
}

/** The holds to add. Refused where nobody would serve then, unless the command says that this is meant. */
export function ruleOnDrain(health: Health, holds: Holds, command: DrainCommand, nowMs: number): Ruling {
  const targets = targetsOf(health, command);
  if (!Array.isArray(targets)) return targets;
  const added = targets.map(({ server, realServer }): ServerHold => {
    return {
      virtualServer: server.config.name,
      realServer,
      ...(command.forMs !== undefined && { untilMs: nowMs + command.forMs }),
      ...(command.reason !== undefined && { reason: command.reason }),
    };
  });
  const losses = command.evenIfLast ? [] : lossesOf(targets, withHolds(holds, added));
  if (losses.length > 0) return { ok: false, confirm: true, lines: losses };
  const end = command.forMs === undefined ? 'until it is resumed' : `for ${command.forMs / 1000} s`;
  return {
    ok: true,
    holds: added,
    lines: targets.map(({ name }) => `${name} gets no new connections ${end}`),
  };
}

/** The holds to take away. */
export function ruleOnResume(health: Health, holds: Holds, command: ResumeCommand): Ruling {
  const targets = targetsOf(health, command);
  if (!Array.isArray(targets)) return targets;
  const held = targets.flatMap(({ server, realServer, name }) => {
    const hold = holdOf(holds, server.config.name, realServer);
    return hold === undefined ? [] : [{ hold, name }];
  });
  if (held.length === 0) return { ok: true, holds: [], lines: ['Nothing was drained: nothing is changed'] };
  return {
    ok: true,
    holds: held.map(({ hold }) => hold),
    lines: held.map(({ name }) => `${name} gets new connections again when its checks say that it is well`),
  };
}

function targetsOf(
  health: Health,
  { virtualServer, realServer }: Pick<DrainCommand, 'virtualServer' | 'realServer'>,
): Target[] | Extract<CheckerAnswer, { ok: false }> {
  if (virtualServer === undefined && realServer === undefined) {
    return { ok: false, lines: ['Say which server: a virtual server, a real server, or both'] };
  }
  const servers = [...health.virtualServers].filter(
    ({ config }) => virtualServer === undefined || config.name === virtualServer,
  );
  if (servers.length === 0) {
    const known = [...health.virtualServers].map(({ config }) => config.name).slice(0, 10);
    return {
      ok: false,
      lines: [`There is no virtual server "${virtualServer}". There are: ${known.join(', ')}`],
    };
  }
  const targets = servers.flatMap((server) =>
    server.realServers
      .filter(({ config }) => realServer === undefined || isCalled(config, realServer))
      .map(({ config }): Target => {
        const { address, port } = config;
        const name = `${realServerName(config, server.config)} of ${server.config.name}`;
        return { server, realServer: { address, port }, name };
      }),
  );
  if (targets.length > 0) return targets;
  const where = virtualServer === undefined ? 'any virtual server' : `the virtual server ${virtualServer}`;
  return { ok: false, lines: [`There is no real server "${realServer}" in ${where}`] };
}

/** `10.0.0.7`, `10.0.0.7:80`, `[2001:db8::7]:80`, or as it stands in logs: `[10.0.0.7]:tcp:80`. */
function isCalled(server: ServerHold['realServer'], asked: string): boolean {
  const bare = parseAddress(asked.replace(/^\[(.*)\]$/, '$1'));
  if (bare !== undefined) return bare === server.address;
  const [, inBrackets, beforeColon, port] = /^(?:\[([^\]]+)\]|([^:]+)):(?:[a-z]+:)?(\d+)$/.exec(asked) ?? [];
  const address = parseAddress(inBrackets ?? beforeColon ?? '');
  return asked === serverKey(server) || (address === server.address && Number(port) === server.port);
}

/** A line for each virtual server that serves now and would not then. */
function lossesOf(targets: readonly Target[], holds: Holds): readonly string[] {
  const isHeld = (virtualServer: string, key: string) => holds.has(holdKey(virtualServer, key));
  return [...new Set(targets.map(({ server }) => server))].flatMap((server) => {
    const { next } = recordHolds(server, isHeld);
    const { name, sorryServer, quorum } = server.config;
    const weight = liveWeightOf(next);
    if (liveWeightOf(server) > 0 && weight === 0) {
      const who = sorryServer === undefined ? 'nobody' : 'the sorry server alone';
      return [`${name} would be served by ${who}: no other real server is up`];
    }
    if (!server.hasQuorum || next.hasQuorum) return [];
    const who = sorryServer === undefined ? '' : ', and the sorry server would take over';
    return [`${name} would lose its quorum of ${quorum}: ${weight} would be left${who}`];
  });
}

export function heldKeys(holds: Holds): (virtualServer: string, realServer: string) => boolean {
  return (virtualServer, realServer) => holds.has(holdKey(virtualServer, realServer));
}

/** Of servers that are not configured any more. */
export function orphans(health: Health, holds: Holds): readonly ServerHold[] {
  return [...holds.values()].filter(({ virtualServer, realServer }) => {
    const key = realServerKey(realServer);
    const server = health.get(virtualServer);
    return server === undefined || !server.realServers.some(({ config }) => realServerKey(config) === key);
  });
}
