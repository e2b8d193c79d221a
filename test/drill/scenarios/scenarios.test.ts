/** What each scenario does and expects, computed from files; and where it is skipped, with the reason. */
import { describe, expect, test } from 'vitest';
import { describeAction } from '../../../src/drill/actions.ts';
import { scenarios } from '../../../src/drill/scenarios/index.ts';
import type { Plan, ScenarioContext } from '../../../src/drill/scenarios/scenario.ts';
import { exampleNode, fixtureNode, parsedNode, simplePair } from '../parsed-node.ts';
import { contextFor } from './context.ts';

function planOf(name: string, context: ScenarioContext = contextFor()): Plan {
  const plan = scenarios.find((one) => one.name === name)?.plan(context);
  if (plan === undefined || 'skip' in plan) throw new Error(`${name}: ${plan?.skip}`);
  return plan;
}

function skipOf(name: string, context: ScenarioContext): string | undefined {
  const plan = scenarios.find((one) => one.name === name)?.plan(context);
  return plan !== undefined && 'skip' in plan ? plan.skip : undefined;
}

const tutorial = contextFor([exampleNode('lb01'), exampleNode('lb02')]);

test('every scenario has a name of its own, and either a plan with its restore or a reason for each of three pairs', () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  const unicast = contextFor([fixtureNode('lb01', 'unicast-lb01'), fixtureNode('lb02', 'unicast-lb02')]);
  for (const context of [contextFor(), tutorial, unicast]) {
    for (const scenario of scenarios) {
      const plan = scenario.plan(context);
      if ('skip' in plan) expect(plan.skip).toMatch(/\w{3}/);
      else {
        expect(plan.inject.length * plan.restore.length, scenario.name).toBeGreaterThan(0);
        for (const action of [...plan.inject, ...plan.restore])
          expect(describeAction(action)).toMatch(/\w{3}/);
      }
    }
  }
});

describe('the expected takeover', () => {
  test('after a crash is Master_Down_Interval of the Backup', () => {
    const [router] = planOf('sigkill').expect.routers;
    // RFC 3768 section 6.1: 3 * 1 s + (256 - 100) / 256 s.
    expect(router?.whileBroken).toMatchObject({ kind: 'moves', from: 'lb01', to: 'lb02', waitMs: 3609.375 });
    expect(router?.afterRestore).toBe('lb01');
  });

  test('after a stop is its Skew_Time', () => {
    expect(planOf('stop').expect.routers[0]?.whileBroken).toMatchObject({ waitMs: 609.375 });
  });

  test('in version 3 counts with the interval of the Master', () => {
    const text = (priority: number, seconds: number): string =>
      `vrrp_instance V { version 3\n interface eth0\n virtual_router_id 5\n priority ${priority}\n advert_int ${seconds}\n virtual_ipaddress { 10.0.0.3/24 } }`;
    const context = contextFor([parsedNode('lb01', text(200, 0.1)), parsedNode('lb02', text(128, 1))]);
    expect(planOf('sigkill', context).expect.routers[0]?.whileBroken).toMatchObject({ waitMs: 350 });
  });

  test('of members of a sync group may be an interval more or less, since they wait for each other', () => {
    const context = contextFor([fixtureNode('lb01', 'unicast-lb01'), fixtureNode('lb02', 'unicast-lb02')]);
    expect(planOf('sigkill', context).expect.routers[0]?.whileBroken).toMatchObject({ toleranceMs: 500 });
  });

  test('leaves routers alone that another node is Master of', () => {
    const context = contextFor(simplePair(), { masters: new Map([['VI_1', 'lb02']]) });
    expect(planOf('sigkill', context).inject).toEqual([{ do: 'kill', node: 'lb02' }]);
  });
});

describe('with nopreempt', () => {
  const context = contextFor(simplePair('nopreempt\n state BACKUP'));

  test('who took over stays', () => {
    expect(planOf('sigkill', context).expect.routers[0]?.afterRestore).toBe('lb02');
  });

  test('of two Masters that hear each other again the higher priority stays', () => {
    expect(planOf('cut-vrrp-both', context).expect.routers[0]?.afterRestore).toBe('lb01');
  });
});

describe('a killed bfd process', () => {
  const pairWith = (track: string) => {
    const text = (own: number, peer: number, priority: number): string => `
bfd_instance peer { neighbor_ip 10.0.0.${peer}\n source_ip 10.0.0.${own} }
bfd_instance gateway { neighbor_ip 10.0.0.1 }
vrrp_instance V { interface eth0\n virtual_router_id 5\n priority ${priority}\n virtual_ipaddress { 10.0.0.3/24 }\n track_bfd { ${track} } }`;
    return contextFor([parsedNode('lb01', text(11, 12, 150)), parsedNode('lb02', text(12, 11, 100))]);
  };

  test('is noticed by nobody, and looked at until another has taken its place', () => {
    const { expect: expected } = planOf('sigkill-bfd', pairWith('gateway'));
    expect(expected.routers[0]?.whileBroken).toEqual({ kind: 'stays', node: 'lb01' });
    expect(expected.returns).toMatchObject({ node: 'lb01', process: 'bfd' });
  });

  test('is none where no session is used', () => {
    expect(
      skipOf('sigkill-bfd', contextFor(simplePair('', 'bfd_instance idle { neighbor_ip 10.0.0.1 }'))),
    ).toContain('runs no bfd process');
  });

  test('may be noticed by a director that tracks its session with this one', () => {
    const { expect: expected } = planOf('sigkill-bfd', pairWith('peer'));
    expect(expected.routers[0]?.whileBroken.kind).toBe('open');
  });
});

describe("somebody else's router", () => {
  const open = planOf('intruder').expect;

  test('is obeyed by a pair without a secret, which the plan says', () => {
    expect(open.routers[0]?.whileBroken).toMatchObject({ kind: 'lost' });
    expect(open.disturbance).toMatchObject({ kind: 'while-broken' });
    expect(open.routers[0]?.afterRestore).toBe('lb01');
  });

  test.each([
    ['a password of version 2', 'authentication { auth_type PASS\n auth_pass 1234 }'],
    ['peers by name', 'unicast_src_ip 10.0.0.11\n unicast_peer { 10.0.0.12 }'],
    ['a higher priority than the stranger has', 'priority 250'],
  ])('is ignored by a pair with %s', (_, more) => {
    const context = contextFor(simplePair(more));
    expect(planOf('intruder', context).expect).toMatchObject({
      routers: [{ whileBroken: { kind: 'stays', node: 'lb01' } }],
      disturbance: { kind: 'none' },
    });
  });

  test('of version 3 is obeyed whatever the password, since that version has none', () => {
    const context = contextFor(simplePair('version 3\n authentication { auth_type PASS\n auth_pass 1234 }'));
    expect(planOf('intruder', context).expect.routers[0]?.whileBroken.kind).toBe('lost');
  });

  test('may take the other members of its sync group along, and leaves everybody else', () => {
    const text = (priority: number): string =>
      `vrrp_sync_group G { group { A\n B } }
${['A', 'B', 'C'].map((name, index) => `vrrp_instance ${name} { interface eth${index}\n virtual_router_id ${51 + index}\n priority ${priority}\n virtual_ipaddress { 10.0.${index}.3/24 } }`).join('\n')}`;
    const context = contextFor([parsedNode('lb01', text(150)), parsedNode('lb02', text(100))]);
    const kinds = planOf('intruder', context).expect.routers.map(({ whileBroken }) => whileBroken.kind);
    expect(kinds).toEqual(['lost', 'open', 'stays']);
  });
});

describe('real servers', () => {
  test("leave the tutorial's table by delay_loop 6 and three retries 3 s apart where they refuse", () => {
    expect(planOf('rs-refusing', tutorial).expect.server).toMatchObject({
      servers: ['rs1'],
      outLimitMs: 6000 + 3 * 3000 + 400,
      backLimitMs: 8000 + 6000 + 400,
    });
  });

  test('that only hang are seen by no TCP_CHECK, which the plan says', () => {
    const { server, disturbance } = planOf('rs-hung', tutorial).expect;
    expect(server?.outLimitMs).toBeUndefined();
    expect(server?.why).toContain('TCP_CHECK cannot see that a server hangs');
    expect(disturbance.kind).toBe('while-broken');
  });

  test('are broken where clients are being answered', () => {
    const busy = { ...tutorial, answering: ['rs2', 'rs1'] };
    expect(planOf('rs-refusing', busy).inject).toEqual([
      { do: 'server', server: 'rs2', becomes: 'refusing' },
    ]);
  });

  test('all of them are failed together', () => {
    expect(planOf('rs-all-down', tutorial).inject).toEqual([
      { do: 'server', server: 'rs1', becomes: 'refusing' },
      { do: 'server', server: 'rs2', becomes: 'refusing' },
    ]);
  });
});

describe('is skipped with a reason', () => {
  test.each([
    ['rs-refusing', contextFor(), 'no virtual server'],
    ['ipvs-cleared', { ...tutorial, hasIpvs: false }, 'no IPVS'],
    ['delay-200ms', contextFor(simplePair(), { wire: 'nft' }), 'no netem'],
    ['loss-30', contextFor(simplePair(), { wire: 'none' }), 'neither lose nor delay'],
    ['clock-step', contextFor(), "clock is the host's"],
    ['sigkill-bfd', contextFor(), 'no bfd process'],
    ['sigkill-script', contextFor(), 'no script process'],
    ['script-fails', contextFor(), 'tracks no vrrp_script'],
  ] as const)('%s', (name, context, reason) => {
    expect(skipOf(name, context)).toContain(reason);
  });
});

test('keepalived, which never looks at its table again, is expected to leave it empty until it is restarted', () => {
  const plan = planOf('ipvs-cleared', { ...tutorial, daemonOf: () => 'keepalived' });
  expect(plan.expect.disturbance.kind).toBe('while-broken');
  expect(plan.restore).toContainEqual({ do: 'start', node: 'lb01' });
});
