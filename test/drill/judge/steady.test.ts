/** Whether everything is as it should be, and in which words it is not. */
import { expect, test } from 'vitest';
import { type SteadyView, steadyProblems } from '../../../src/drill/judge/steady.ts';
import type { Advertisement, RequestSeen } from '../../../src/drill/observation.ts';
import { virtualRoutersOf } from '../../../src/drill/virtual-routers.ts';
import { exampleNode, simplePair } from '../parsed-node.ts';
import { contextFor } from '../scenarios/context.ts';

const nodes = simplePair();
const routers = virtualRoutersOf(nodes);
const { topology } = contextFor(nodes);
const question = {
  nodes,
  routers,
  services: topology.services,
  hasIpvs: false,
  wanted: new Map([['VI_1', 'lb01']]),
};

function advert(node: string, agoMs: number, priority = 100): Advertisement {
  return {
    kind: 'advertisement', atMs: 10_000 - agoMs, network: 'eth0', node, source: '', sourceMac: '', version: 2, family: 4, vrid: 51, priority, intervalMs: 1000,
  }; // biome-ignore format: one record
}

function asked(outcome: RequestSeen['outcome']): RequestSeen {
  return {
    kind: 'request',
    atMs: 9000,
    endedAtMs: 9001,
    client: 'client1',
    service: '10.0.0.3/ping',
    source: '',
    outcome,
  };
}

const good: SteadyView = {
  nowMs: 10_000,
  lastAdvertisements: () => [advert('lb01', 500)],
  holdersOf: () => ['lb01'],
  tableOf: () => [],
  neighboursFor: () => [],
  requests: [asked('ok'), asked('ok'), asked('ok')],
};

test('one Master, the right one, with the address, and answers: nothing is wrong', () => {
  expect(steadyProblems(question, good)).toEqual([]);
});

test.each([
  [{ lastAdvertisements: () => [] }, 'VI_1 (VRID 51) has no Master'],
  [{ lastAdvertisements: () => [advert('lb01', 3000)] }, 'VI_1 (VRID 51) has no Master'],
  [{ lastAdvertisements: () => [advert('lb01', 500, 0)] }, 'VI_1 (VRID 51) has no Master'],
  [
    { lastAdvertisements: () => [advert('lb01', 500), advert('lb02', 400)] },
    'VI_1 (VRID 51) has two Masters, lb01 and lb02',
  ],
  [{ lastAdvertisements: () => [advert('lb02', 500)] }, 'VI_1 (VRID 51) has lb02 for its Master, not lb01'],
  [{ holdersOf: () => [] }, 'nobody has 10.0.0.3'],
  [{ holdersOf: () => ['lb01', 'lb02'] }, '10.0.0.3 is on lb01 and lb02, and lb01 is Master'],
  [{ requests: [] }, '10.0.0.3/ping has not been answered 3 times yet'],
  [
    { requests: [asked('ok'), asked('ok'), asked('ok'), asked('timeout')] },
    'a request for 10.0.0.3/ping ended with timeout',
  ],
  [
    {
      neighboursFor: () => [
        {
          kind: 'neighbour',
          atMs: 1,
          client: 'client1',
          address: '10.0.0.3',
          mac: 'x',
          node: 'lb02',
          state: 'STALE',
        },
      ],
    },
    'client1 sends to lb02 what is for 10.0.0.3',
  ],
] as readonly [Partial<SteadyView>, string][])('what is wrong is said: %#', (wrong, problem) => {
  expect(steadyProblems(question, { ...good, ...wrong })).toEqual([problem]);
});

test('anybody may be Master where nobody is wanted', () => {
  const view = { ...good, lastAdvertisements: () => [advert('lb02', 500)], holdersOf: () => ['lb02'] };
  expect(steadyProblems({ ...question, wanted: new Map() }, view)).toEqual([]);
});

test('a table that lacks a server, and one with a foreign service, are told', () => {
  const pair = [exampleNode('lb01'), exampleNode('lb02')];
  const problems = steadyProblems(
    { ...question, nodes: pair, hasIpvs: true },
    {
      ...good,
      tableOf: (node) =>
        node === 'lb01'
          ? [
              {
                protocol: 'TCP',
                address: '10.0.0.3:80',
                scheduler: 'wrr',
                destinations: [{ address: '10.0.0.7:80', forwarding: 'Route', weight: 1 }],
              },
            ]
          : [{ protocol: 'UDP', address: '10.9.9.9:53', scheduler: 'rr', destinations: [] }],
    },
  );
  expect(problems).toEqual([
    'lb01, TCP 10.0.0.3:80: 10.0.0.8:80 weight 1 is missing',
    'lb02 has no service TCP 10.0.0.3:80',
    'lb02 has a service UDP 10.9.9.9:53 that its file does not have',
  ]);
});
