/** Scenarios of what operators do: reloading, clearing the table, a clock that is set; and a tracked script that fails. */
import type { Action } from '../actions.ts';
import { directorOut, holdMs, mainMaster, unnoticed, watchMs } from './expectations.ts';
import type { Expectation, Scenario, ScenarioContext } from './scenario.ts';

export const reloadSame: Scenario = {
  name: 'reload-same',
  title: 'The Master reloads an unchanged configuration',
  description: 'SIGHUP: nobody may notice.',
  plan: (context) => {
    const node = mainMaster(context);
    return {
      inject: [{ do: 'reload', node, with: 'same' }],
      restore: [{ do: 'wait', ms: 0 }],
      holdMs: watchMs(context),
      expect: unnoticed(context),
    };
  },
};

export const reloadBroken: Scenario = {
  name: 'reload-broken',
  title: 'The Master reloads a configuration that does not parse',
  description:
    'A block that is never closed: the running configuration must go on. Then the right one is reloaded.',
  plan: (context) => {
    const node = mainMaster(context);
    return {
      inject: [{ do: 'reload', node, with: 'broken' }],
      restore: [{ do: 'reload', node, with: 'same' }],
      holdMs: watchMs(context),
      expect: unnoticed(context),
    };
  },
};

export const reloadServerRemoved: Scenario = {
  name: 'reload-server-removed',
  title: 'The directors reload a configuration with a real server less',
  description: 'Its clients go to the others, and everybody else notices nothing. Then it is put in again.',
  plan: (context) => {
    const { nodes, hasIpvs, slackMs } = context;
    const hasTwo = nodes.some(({ config }) =>
      config.virtualServers.some(({ realServers }) => realServers.length > 1),
    );
    if (!hasTwo) return { skip: 'no virtual server has two real servers' };
    if (!hasIpvs) return { skip: 'this kernel has no IPVS' };
    const reload = (how: 'server-removed' | 'same'): readonly Action[] =>
      nodes.map(({ name }) => ({ do: 'reload', node: name, with: how }) as const);
    return {
      inject: reload('server-removed'),
      restore: reload('same'),
      holdMs: 3000,
      expect: {
        ...unnoticed(context),
        disturbance: { kind: 'for', ms: 1000 + slackMs },
        outageLimitMs: slackMs,
      },
    };
  },
};

export const ipvsCleared: Scenario = {
  name: 'ipvs-cleared',
  title: 'Somebody clears the IPVS table of the Master',
  description:
    'ipvsadm -C: holdfast fills it again by itself; keepalived never looks, until it is reloaded or restarted.',
  plan: (context) => {
    const { hasIpvs, nodes, daemonOf, slackMs } = context;
    const node = mainMaster(context);
    const hasServers = nodes.find(({ name }) => name === node)?.config.virtualServers.length ?? 0;
    if (hasServers === 0) return { skip: 'the Master has no virtual server' };
    if (!hasIpvs) return { skip: 'this kernel has no IPVS' };
    const heals = daemonOf(node) === 'holdfast';
    const base = unnoticed(context);
    return {
      inject: [{ do: 'clear-table', node }],
      restore: heals
        ? [{ do: 'wait', ms: 0 }]
        : [
            { do: 'stop', node },
            { do: 'wait', ms: 1000 },
            { do: 'start', node },
          ],
      holdMs: 8000,
      expect: heals
        ? {
            ...base,
            disturbance: { kind: 'for', ms: comparisonMs + slackMs },
            outageLimitMs: comparisonMs + slackMs,
          }
        : { ...base, ...neverHealed(context, node) },
    };
  },
};

/** Without a table there is no service until the daemon starts anew, which is a hand-over there and back. */
function neverHealed(context: ScenarioContext, node: string): Partial<Expectation> {
  const why = 'keepalived does not compare its table with the kernel';
  const {
    outageLimitMs: _any,
    failbackOutageLimitMs: _anyEither,
    ...rest
  } = directorOut(context, node, 'released');
  const routers = rest.routers.map(({ router, whileBroken, afterRestore }) => ({
    router,
    whileBroken: whileBroken.kind === 'moves' ? ({ kind: 'stays', node } as const) : whileBroken,
    afterRestore,
  }));
  return {
    ...rest,
    routers,
    disturbance: { kind: 'while-broken', why },
    restoreDisturbance: 'until-settled',
    // 0 is not judged: the disturbance says when requests may fail.
    outageLimitMs: 0,
    failbackOutageLimitMs: 0,
  };
}

/** The checker compares the kernel's table with its own every 5 s. */
const comparisonMs = 6000;

export const clockStep: Scenario = {
  name: 'clock-step',
  title: 'The wall clock of all directors is put forward by an hour',
  description:
    'As ntpd does at boot: no timer may take notice. Only in the embedded kernel, whose clock is its own.',
  plan: (context) => {
    if (!context.mayStepClock)
      return { skip: "this kernel's clock is the host's, which a drill does not touch" };
    return {
      inject: [{ do: 'step-clock', ms: 3_600_000 }],
      restore: [{ do: 'step-clock', ms: 0 }],
      holdMs: watchMs(context),
      expect: unnoticed(context),
    };
  },
};

export const scriptFails: Scenario = {
  name: 'script-fails',
  title: 'A tracked script of the Master fails',
  description:
    'What an operator has a vrrp_script for: when it fails on the Master, another director takes over.',
  plan: (context) => {
    const node = mainMaster(context);
    const scripts = trackedScripts(context, node);
    if (scripts.length === 0) return { skip: 'the Master tracks no vrrp_script' };
    const change = (status: number): readonly Action[] =>
      scripts.map(({ name }) => ({ do: 'script', node, script: scriptFile(name), status }) as const);
    const noticedMs = Math.max(
      ...scripts.map(({ fall, intervalMs, timeoutMs }) => fall * intervalMs + timeoutMs),
    );
    const base = directorOut(context, node, 'silent');
    const others = context.nodes.filter(({ name }) => name !== node).map(({ name }) => name);
    return {
      inject: change(1),
      restore: change(0),
      holdMs: holdMs(context),
      expect: {
        ...base,
        routers: base.routers.map((one) =>
          one.whileBroken.kind === 'moves'
            ? {
                ...one,
                whileBroken: {
                  kind: 'moves',
                  from: node,
                  to: one.whileBroken.to,
                  why: `the script fails on ${node}, and ${others.join(', ')} must take over`,
                  limitMs: one.whileBroken.limitMs + noticedMs,
                },
              }
            : one,
        ),
        outageLimitMs: (base.outageLimitMs ?? 0) + noticedMs,
        settleLimitMs: base.settleLimitMs + 3 * noticedMs,
      },
    };
  },
};

export function scriptFile(name: string): string {
  return name.replaceAll(/[^\w.-]/g, '_').slice(0, 100);
}

function trackedScripts({ nodes }: ScenarioContext, node: string) {
  const config = nodes.find(({ name }) => name === node)?.config;
  const tracked = new Set(
    [...(config?.vrrpInstances ?? []), ...(config?.syncGroups ?? [])].flatMap(({ tracking }) =>
      tracking.scripts.map(({ name }) => name),
    ),
  );
  return (config?.trackers.scripts ?? []).filter(({ name }) => tracked.has(name));
}
