/** Somebody else's router with the same VRID: ignored where the files have a secret or name their peers, obeyed where they do not. */
import type { VrrpInstanceConfig } from '../../config-parser/config.ts';
import { instanceOf, preferredMaster, type VirtualRouter } from '../virtual-routers.ts';
import { memberOf, returnLimitMs, staysAsItIs, unnoticed, watchMs } from './expectations.ts';
import type { Expectation, Scenario, ScenarioContext } from './scenario.ts';

const intruderPriority = 200;

export const intruder: Scenario = {
  name: 'intruder',
  title: 'Another router uses the same VRID',
  description:
    'Another cluster with the same VRID, a higher priority, its own address and its own secret is plugged into the network: its advertisements must be ignored, by whoever has a secret or names its peers.',
  plan: (context) => {
    const [router] = context.routers;
    if (router === undefined) return { skip: 'there is no virtual router' };
    return {
      inject: [{ do: 'intrude', router: router.name, priority: intruderPriority }],
      restore: [{ do: 'expel' }],
      holdMs: watchMs(context),
      expect: isOpenTo(context, router) ? deposed(context, router) : unnoticed(context),
    };
  },
};

/** RFC 5798 section 6.4.3: a Master that hears a higher priority becomes Backup, whoever says so. */
function isOpenTo({ nodes, masters }: ScenarioContext, router: VirtualRouter): boolean {
  const master = memberOf(router, masters.get(router.name) ?? '');
  const instance = instanceOf(nodes, master);
  return instance !== undefined && instance.basePriority < intruderPriority && hearsStrangers(instance);
}

/** Version 3 has no secret but that of auth_hmac (RFC 5798 section 9). */
function hearsStrangers({ transport, version, authentication, authHmac }: VrrpInstanceConfig): boolean {
  if (transport.kind !== 'multicast' || authHmac?.mode === 'enforce') return false;
  return version === 3 || authentication.type === 'none';
}

/** What is to be Master together with it may go with it, or try again and again: daemons differ. */
function deposed(context: ScenarioContext, router: VirtualRouter): Expectation {
  const groups = new Set(router.members.flatMap(({ syncGroup }) => syncGroup ?? []));
  const all = context.nodes.map(({ name }) => name);
  const why = `whoever knows the VRID is heard: ${router.name} has neither a secret nor peers named`;
  const routers = staysAsItIs(context).map((expected, index) => {
    const one = context.routers[index];
    const follows = one?.members.some(({ syncGroup }) => groups.has(syncGroup ?? ''));
    if (one === undefined || (one !== router && !follows)) return expected;
    // All were Backup: who waits least is Master again, whether it may preempt or not.
    return {
      ...expected,
      whileBroken: { kind: one === router ? 'lost' : 'open', why } as const,
      afterRestore: preferredMaster(one, all)?.node,
    };
  });
  return {
    routers,
    disturbance: { kind: 'while-broken', why },
    restoreDisturbance: 'until-settled',
    settleLimitMs: returnLimitMs(context),
  };
}
