/** Scenarios in which a director, or a process of its daemon, is out of order. */
import { usedTrackers } from '../../tracking/index.ts';
import type { ProcessRole } from '../lab/lab-daemon.ts';
import { directorOut, holdMs, mainMaster, returnLimitMs, unnoticed, watchMs } from './expectations.ts';
import type { Expectation, RouterExpectation, Scenario, ScenarioContext } from './scenario.ts';

export const stop: Scenario = {
  name: 'stop',
  title: 'The Master is stopped',
  description:
    'SIGTERM, as systemctl stop: the Master says priority 0 and hands over; then it is started again.',
  plan: (context) => {
    const node = mainMaster(context);
    return {
      inject: [{ do: 'stop', node }],
      restore: [{ do: 'start', node }],
      holdMs: holdMs(context),
      expect: directorOut(context, node, 'released'),
    };
  },
};

export const sigkill: Scenario = {
  name: 'sigkill',
  title: "The Master's daemon is killed",
  description:
    'SIGKILL to all its processes at once: nothing is said and nothing released, the machine lives on with its addresses.',
  plan: (context) => {
    const node = mainMaster(context);
    return {
      inject: [{ do: 'kill', node }],
      restore: [{ do: 'start', node }],
      holdMs: holdMs(context),
      expect: directorOut(context, node, 'silent'),
    };
  },
};

export const powerOff: Scenario = {
  name: 'power-off',
  title: 'The Master loses its power',
  description:
    'Its cables are dead, its processes gone, and when it boots it has neither addresses nor a table.',
  plan: (context) => {
    const node = mainMaster(context);
    return {
      inject: [
        { do: 'unplug', machine: node },
        { do: 'kill', node },
        { do: 'forget', node },
      ],
      restore: [
        { do: 'plug', machine: node },
        { do: 'start', node },
      ],
      holdMs: holdMs(context),
      expect: directorOut(context, node, 'silent'),
    };
  },
};

export const linkDown: Scenario = {
  name: 'link-down',
  title: "The Master's link is down",
  description: 'Its cables are out and its daemon sees it; then they are in again.',
  plan: (context) => {
    const node = mainMaster(context);
    return {
      inject: [{ do: 'unplug', machine: node }],
      restore: [{ do: 'plug', machine: node }],
      holdMs: holdMs(context),
      expect: directorOut(context, node, 'silent'),
    };
  },
};

export const pause: Scenario = {
  name: 'pause',
  title: 'The Master is paused for longer than a Backup waits',
  description:
    'SIGSTOP to all its processes, as a virtual machine that is moved; then SIGCONT: it must notice that it is late.',
  plan: (context) => {
    const node = mainMaster(context);
    return {
      inject: [{ do: 'pause', node }],
      restore: [{ do: 'resume', node }],
      holdMs: holdMs(context),
      expect: directorOut(context, node, 'silent'),
    };
  },
};

export const startBoth: Scenario = {
  name: 'start-both',
  title: 'All directors start at once',
  description: 'As after a power cut of the whole rack: all are stopped, then all started together.',
  plan: (context) => {
    const why = 'no director runs';
    return {
      inject: context.nodes.map(({ name }) => ({ do: 'stop', node: name }) as const),
      restore: context.nodes.map(({ name }) => ({ do: 'start', node: name }) as const),
      holdMs: 1500,
      expect: {
        routers: context.routers.map(({ name }) => ({
          router: name,
          whileBroken: { kind: 'open', why },
          afterRestore: context.masters.get(name),
        })),
        disturbance: { kind: 'while-broken', why },
        restoreDisturbance: 'until-settled',
        settleLimitMs: returnLimitMs(context),
      },
    };
  },
};

export const returnPreempt: Scenario = {
  name: 'return-preempt',
  title: 'A Master returns',
  description:
    'The preferred director is away for long and comes back: it takes over again where it may preempt, and stays Backup where not.',
  plan: (context) => {
    const node = mainMaster(context);
    return {
      inject: [{ do: 'stop', node }],
      restore: [
        { do: 'wait', ms: watchMs(context) },
        { do: 'start', node },
      ],
      holdMs: watchMs(context),
      expect: directorOut(context, node, 'released'),
    };
  },
};

/** One process is killed and its supervisor starts it again. */
function killedProcess(
  role: ProcessRole,
  text: string,
  expectation: (context: ScenarioContext, node: string) => Expectation,
): Scenario {
  return {
    name: `sigkill-${role}`,
    title: `The ${role} process of the Master is killed`,
    description: text,
    plan: (context) => {
      const node = mainMaster(context);
      if (!hasProcess(context, node, role))
        return { skip: `${context.daemonOf(node)} runs no ${role} process with this configuration` };
      return {
        inject: [{ do: 'kill-process', node, process: role }],
        // A killed supervisor is started again by nobody but the service manager, which the lab plays.
        restore:
          role === 'supervisor'
            ? [
                { do: 'wait', ms: 1000 },
                { do: 'start', node },
              ]
            : [{ do: 'wait', ms: 0 }],
        holdMs: watchMs(context),
        expect: { ...expectation(context, node), ...returning(context, node, role) },
      };
    },
  };
}

function returning(
  { startLimitMs }: ScenarioContext,
  node: string,
  process: ProcessRole,
): Pick<Expectation, 'returns'> {
  return process === 'supervisor' ? {} : { returns: { node, process, limitMs: startLimitMs } };
}

function hasProcess({ nodes, hasIpvs, daemonOf }: ScenarioContext, node: string, role: ProcessRole): boolean {
  const config = nodes.find(({ name }) => name === node)?.config;
  if (config === undefined) return false;
  if (role === 'checker') return config.virtualServers.length > 0 && hasIpvs;
  // holdfast runs none for sessions that nobody uses.
  if (role === 'bfd')
    return (daemonOf(node) === 'holdfast' ? usedTrackers(config) : config.trackers).bfds.length > 0;
  if (role !== 'script') return true;
  return daemonOf(node) === 'holdfast' && usesScripts(config);
}

function usesScripts(config: ScenarioContext['nodes'][number]['config']): boolean {
  const { scripts, files, processes } = config.trackers;
  const told = [...config.vrrpInstances, ...config.syncGroups].some(({ notify }) =>
    [notify.master, notify.backup, notify.fault, notify.stop, notify.any].some(
      (command) => command !== undefined,
    ),
  );
  return (
    told || scripts.length + files.length + processes.length > 0 || config.globalDefs.notify.fifos.length > 0
  );
}

/** It may come back as Master at once, or too late: both are right, two Masters for long or none are not. */
function restarted(context: ScenarioContext, node: string): Expectation {
  const base = directorOut(context, node, 'silent');
  return {
    ...base,
    routers: base.routers.map((one) =>
      one.whileBroken.kind === 'moves'
        ? {
            ...one,
            whileBroken: { kind: 'open', why: 'its supervisor starts it again' },
            afterRestore: masterAfterRestart(context, one.router),
          }
        : one,
    ),
    disturbance: { kind: 'for', ms: (base.outageLimitMs ?? 0) + context.startLimitMs },
  };
}

function masterAfterRestart(context: ScenarioContext, router: string): string | undefined {
  const found = context.routers.find(({ name }) => name === router);
  const member = found?.members.find((one) => one.node === context.masters.get(router));
  return member?.preempts ? member.node : undefined;
}

export const processes: readonly Scenario[] = [
  killedProcess(
    'vrrp',
    'SIGKILL to the process that does VRRP: it is started again, and must find its way back.',
    restarted,
  ),
  killedProcess(
    'checker',
    'SIGKILL to the process of the health checks: VRRP and clients must not notice.',
    unnoticed,
  ),
  killedProcess('script', 'SIGKILL to the process that runs scripts: VRRP must not notice.', unnoticed),
  killedProcess(
    'bfd',
    'SIGKILL to the process of BFD: sessions begin anew, and what tracks them must not notice.',
    (context, node) => (isWatchedByOthers(context, node) ? restarted(context, node) : unnoticed(context)),
  ),
  killedProcess(
    'supervisor',
    'SIGKILL to the first process alone: its children end, and give everything back where they still can.',
    (context, node) => {
      const base = directorOut(context, node, 'silent');
      return {
        ...base,
        routers: base.routers.map((one) => ({ ...one, whileBroken: leftByChildren(one.whileBroken) })),
      };
    },
  ),
];

/** Another director that tracks its session with this one rightly sees it go down. */
function isWatchedByOthers({ nodes, topology }: ScenarioContext, node: string): boolean {
  const own = topology.nodes.find(({ name }) => name === node)?.interfaces ?? [];
  const addresses = new Set(own.flatMap((one) => one.addresses.map((text) => text.replace(/\/.*/, ''))));
  return nodes
    .filter(({ name }) => name !== node)
    .some(({ config }) =>
      usedTrackers(config).bfds.some(({ neighborAddress }) => addresses.has(neighborAddress)),
    );
}

/** They may still say priority 0, or be silent: only the longest wait is certain. */
function leftByChildren(whileBroken: RouterExpectation['whileBroken']): RouterExpectation['whileBroken'] {
  if (whileBroken.kind !== 'moves') return whileBroken;
  const { from, to, limitMs } = whileBroken;
  return { kind: 'moves', from, to, limitMs: limitMs + 2000, why: 'its children end with the supervisor' };
}
