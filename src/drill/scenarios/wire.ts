/** Scenarios in which the network does something to advertisements, or somebody else speaks on it. */
import type { Action } from '../actions.ts';
import { longestIntervalMs } from '../virtual-routers.ts';
import {
  directorOut,
  holdMs,
  mainMaster,
  masterAfter,
  otherThan,
  returnLimitMs,
  unnoticed,
  watchMs,
} from './expectations.ts';
import type { Expectation, Plan, RouterExpectation, Scenario, ScenarioContext, Skipped } from './scenario.ts';

/** Two Masters are what this fault makes of VRRP; what counts is how it ends. */
function splitExpected(context: ScenarioContext, why: string): Expectation {
  const routers = context.routers.map((router): RouterExpectation => {
    const nodes = router.members.map(({ node }) => node);
    const limitMs = watchMs(context) + context.slackMs;
    return {
      router: router.name,
      whileBroken: { kind: 'split', nodes, why, limitMs },
      afterRestore: masterAfterSplit(context, router.name),
    };
  });
  return {
    routers,
    disturbance: { kind: 'while-broken', why },
    restoreDisturbance: 'until-settled',
    failbackOutageLimitMs: 2 * context.slackMs,
    settleLimitMs: returnLimitMs(context),
  };
}

/** RFC 5798 section 6.4.3: of two Masters the one with the higher priority stays, whatever nopreempt says. */
function masterAfterSplit(context: ScenarioContext, name: string): string | undefined {
  const router = context.routers.find((one) => one.name === name);
  const [best, second] = (router?.members ?? []).toSorted((a, b) => b.priority - a.priority);
  return best !== undefined && best.priority !== second?.priority ? best.node : undefined;
}

function impairAll(context: ScenarioContext, lossPercent: number, delayMs: number): readonly Action[] {
  return context.nodes.map(({ name }) => ({
    do: 'impair',
    machine: name,
    what: 'vrrp',
    lossPercent,
    delayMs,
  }));
}

function needsWire({ wire }: ScenarioContext): Skipped | undefined {
  if (wire !== 'none') return undefined;
  return {
    skip: 'this kernel can neither lose nor delay packets at the switch (no netem, no nftables for bridges)',
  };
}

export const cutVrrpBoth: Scenario = {
  name: 'cut-vrrp-both',
  title: 'Advertisements are lost both ways',
  description:
    'A firewall rule that forgot protocol 112: every director is Master on its own. Then they hear each other again.',
  plan: (context) =>
    needsWire(context) ?? {
      inject: impairAll(context, 100, 0),
      restore: [{ do: 'heal' }],
      holdMs: holdMs(context),
      expect: splitExpected(context, 'no director hears another'),
    },
};

export const cutVrrpOneway: Scenario = {
  name: 'cut-vrrp-oneway',
  title: 'Advertisements are lost one way',
  description: 'The Backup no longer hears the Master, while the Master hears the Backup.',
  plan: (context) => {
    const backup = otherThan(context, mainMaster(context));
    return (
      needsWire(context) ?? {
        inject: [{ do: 'impair', machine: backup, what: 'vrrp', lossPercent: 100, delayMs: 0 }],
        restore: [{ do: 'heal' }],
        holdMs: holdMs(context),
        expect: {
          ...splitExpected(context, `${backup} does not hear the Master`),
          routers: context.routers.map((router) => onewayOf(context, router.name, backup)),
        },
      }
    );
  },
};

/** What the deaf one is Master of already stays with it. */
function onewayOf(context: ScenarioContext, name: string, deaf: string): RouterExpectation {
  const master = context.masters.get(name) ?? '';
  const afterRestore = masterAfterSplit(context, name);
  if (master === deaf) return { router: name, whileBroken: { kind: 'stays', node: deaf }, afterRestore };
  const why = `${deaf} does not hear ${master}`;
  return {
    router: name,
    whileBroken: { kind: 'split', nodes: [master, deaf], why, limitMs: watchMs(context) + context.slackMs },
    afterRestore,
  };
}

function loss(percent: number): Scenario {
  return {
    name: `loss-${percent}`,
    title: `${percent} % of all advertisements are lost`,
    description: `A bad cable or a full queue: each advertisement is lost with a chance of ${percent} in 100.`,
    plan: (context) => needsWire(context) ?? lossPlan(context, percent),
  };
}

/** Chance decides whether enough are lost in a row; what is certain is how it ends. */
function lossPlan(context: ScenarioContext, percent: number): Plan {
  const why = `with ${percent} % loss it is chance whether a Backup misses enough in a row`;
  const split = splitExpected(context, why);
  return {
    inject: impairAll(context, percent, 0),
    restore: [{ do: 'heal' }],
    holdMs: Math.min(15_000, Math.max(4000, 10 * longestIntervalMs(context.routers))),
    expect: {
      ...split,
      routers: context.routers.map((router) => ({
        router: router.name,
        whileBroken: { kind: 'open', why },
        afterRestore: masterAfter(context, router, []),
      })),
    },
  };
}

export const losses: readonly Scenario[] = [loss(10), loss(30), loss(60)];

export const delay200ms: Scenario = {
  name: 'delay-200ms',
  title: 'Advertisements come 200 ms late',
  description: 'A long way between two sites: everybody still hears everybody, and nothing may change.',
  plan: (context): Plan | Skipped => {
    if (context.wire !== 'tc')
      return { skip: 'this kernel has no netem, so that the lab cannot delay packets' };
    const shortest = context.routers.flatMap(({ members }) =>
      members.map(({ masterDownIntervalMs }) => masterDownIntervalMs),
    );
    const isTooShort = Math.min(...shortest) <= 200;
    return {
      inject: impairAll(context, 0, 200),
      restore: [{ do: 'heal' }],
      holdMs: watchMs(context),
      expect: isTooShort
        ? splitExpected(context, 'a Backup waits for less than 200 ms')
        : startsLate(context),
    };
  },
};

/** The first of the delayed advertisements comes 200 ms after it was due; a Backup must bear that. */
function startsLate(context: ScenarioContext): Expectation {
  return unnoticed(context);
}

export const staleArp: Scenario = {
  name: 'stale-arp',
  title: 'Clients miss the announcements of a takeover',
  description:
    'The first gratuitous ARP or Neighbour Advertisement of the new Master is lost on the way to the clients, which go on sending to the old one.',
  plan: (context) => {
    const node = mainMaster(context);
    const skipped = needsWire(context);
    if (skipped !== undefined) return skipped;
    const clients = [...context.topology.clients, ...context.topology.routers].map(({ name }) => name);
    const base = directorOut(context, node, 'silent');
    const waitMs = Math.max(
      0,
      ...base.routers.map(({ whileBroken }) =>
        whileBroken.kind === 'moves' ? (whileBroken.waitMs ?? 0) : 0,
      ),
    );
    // Until the first are over, and well before they are repeated: some seconds after, by garp_master_delay.
    const lostMs = waitMs + context.slackMs;
    const repeats = context.routers.flatMap(({ members }) =>
      members.map(({ garpMasterDelayMs }) => garpMasterDelayMs),
    );
    // RFC 4861 section 10, which Linux keeps for IPv4 too: 5 s to the first probe, three probes 1 s apart, then a new question.
    const learnsAfterMs = Math.max(...repeats, 0) > 2000 ? Math.max(...repeats) + 1000 : 12_000;
    return {
      prepare: clients.map(
        (machine) =>
          ({ do: 'impair', machine, what: 'announcements', lossPercent: 100, delayMs: 0 }) as const,
      ),
      inject: [{ do: 'unplug', machine: node }, { do: 'wait', ms: lostMs }, { do: 'heal' }],
      restore: [{ do: 'plug', machine: node }],
      holdMs: learnsAfterMs,
      expect: {
        ...base,
        disturbance: { kind: 'for', ms: lostMs + learnsAfterMs + context.slackMs },
        outageLimitMs: waitMs + learnsAfterMs + 2 * context.slackMs,
      },
    };
  },
};
