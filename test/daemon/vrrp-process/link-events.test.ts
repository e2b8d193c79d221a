/** What is told of routes, rules and addresses that go, and to whom. */
import { describe, expect, test } from 'vitest';
import { virtualRoute } from '../../../src/config-parser/schema/route-entry.ts';
import { virtualRule } from '../../../src/config-parser/schema/rule-entry.ts';
import { HostInterfaces } from '../../../src/daemon/vrrp-process/host-interfaces.ts';
import { InstanceTable } from '../../../src/daemon/vrrp-process/instances.ts';
import { LinkEvents } from '../../../src/daemon/vrrp-process/link-events.ts';
import { decodeRoute, decodeRule } from '../../../src/kernel/netlink/decode-route.ts';
import { encodeNewRoute } from '../../../src/kernel/netlink/encode-route.ts';
import { encodeRule } from '../../../src/kernel/netlink/encode-rule.ts';
import { usualNames } from '../../../src/kernel/netlink/routing-names.ts';
import { wordsOf } from '../../kernel/route-lines.ts';
import { virtualAddress } from '../../vrrp/instances.ts';
import { FakeMonitor, fakeKernel, fakeLog, link, masterRuntime } from './fakes.ts';

const kept = '10.50.0.0/16 dev eth0';
const left = '10.51.0.0/16 dev eth0 no_track';
const rule = 'from 10.1.0.0/24 table 100 preference 10';
const leftRule = 'from 10.2.0.0/24 table 100 preference 11 no_track';

/** A Master with two routes and two rules, of which one each is not tracked. */
function host() {
  const { runtime, effects } = masterRuntime({
    virtualRoutes: [kept, left].map((line) => wordsOf(virtualRoute, line)),
    virtualRules: [rule, leftRule].map((line) => wordsOf(virtualRule, line)),
    virtualAddresses: [virtualAddress('10.0.0.3'), virtualAddress('10.0.0.4', { noTrack: true })],
  });
  effects.length = 0;
  const monitor = new FakeMonitor(link('eth0'));
  const interfaces = new HostInterfaces(monitor, () => undefined);
  interfaces.configure(
    [],
    runtime.config.virtualAddresses.map(({ address }) => address),
  );
  const table = new InstanceTable();
  table.running.set('VI_1', runtime);
  const { routes } = fakeKernel();
  const again: string[] = [];
  const events = new LinkEvents({
    monitor,
    interfaces,
    table,
    log: fakeLog().log,
    routes: { ...routes, names: usualNames, preferenceOf: ({ preference = 0 }) => preference },
    refresh: () => undefined,
    settle: () => undefined,
    repair: async () => undefined,
    addRoutes: () => again.push('routes'),
    forget: () => undefined,
  });
  return { events, again, kinds: () => effects.map(({ kind }) => kind) };
}

const context = { names: usualNames, findInterface: () => ({ index: 7 }) };

function routeGone(line: string) {
  const route = decodeRoute(encodeNewRoute(wordsOf(virtualRoute, line), context));
  if (route === undefined) throw new Error('it was not decoded');
  return { kind: 'routeRemoved', route } as const;
}

function ruleGone(line: string) {
  const entry = wordsOf(virtualRule, line);
  const found = decodeRule(encodeRule(entry, entry.preference ?? 0, usualNames));
  if (found === undefined) throw new Error('it was not decoded');
  return { kind: 'ruleRemoved', rule: found } as const;
}

function addressGone(text: string) {
  const { address, prefixLength, scope } = virtualAddress(text);
  const gone = { address, prefixLength, scope, isSecondary: false, isTentative: false };
  return { kind: 'addressRemoved', link: link('eth0'), address: gone } as const;
}

describe('what somebody takes away from a Master', () => {
  test.each([
    ['a route', routeGone(kept)],
    ['a rule', ruleGone(rule)],
  ])('is put back where it is %s', (_what, event) => {
    const { events, kinds } = host();
    events.handle(event, 0);
    expect(kinds()).toEqual(['addRoutes', 'report']);
  });

  test('is put back where it is an address, and announced', () => {
    const { events, kinds } = host();
    events.handle(addressGone('10.0.0.3'), 0);
    expect(kinds()).toEqual(['addAddresses', 'sendGratuitousArp', 'report']);
  });

  test.each([
    ['a route with no_track', routeGone(left)],
    ['a rule with no_track', ruleGone(leftRule)],
    ['an address with no_track', addressGone('10.0.0.4')],
    ["somebody else's route", routeGone('10.99.0.0/16 dev eth0')],
    ["somebody else's rule", ruleGone('from 10.9.0.0/24 table 100 preference 12')],
  ])('stays away where it is %s', (_what, event) => {
    const { events, kinds } = host();
    events.handle(event, 0);
    expect(kinds()).toEqual([]);
  });

  test('with an interface is looked for again when something happens to that', () => {
    const { events, again } = host();
    events.handle({ kind: 'linkChanged', link: link('eth0'), previous: undefined }, 0);
    expect(again).toEqual(['routes']);
  });
});
