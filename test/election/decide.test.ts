import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config-parser/config.ts';
import { decideElection, describeCondition } from '../../src/election/index.ts';
import { parseText } from '../config-parser/parse-helpers.ts';

function config(priority: number, more = '', before = ''): Config {
  return parseText(`
    ${before}
    vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      priority ${priority}
      virtual_ipaddress {
        10.0.0.3/24
      }
      ${more}
    }`).config;
}

const script = 'vrrp_script chk {\n script "/bin/true"\n weight -20\n}';

/** `lb01 down: lb02, then lb01`: who is Master, and who when it is mended. */
function decided(one: Config, other: Config, atOnce = 1): string[] {
  const nodes = [
    { name: 'lb01', config: one },
    { name: 'lb02', config: other },
  ];
  return decideElection(nodes, { atOnce }).outcomes.map(({ down, domains, isSettled }) => {
    expect(isSettled).toBe(true);
    const words = down.map(describeCondition).join(' and ') || 'nothing';
    const [domain] = domains;
    return `${words}: ${domain?.masters.join('+') || 'nobody'}, then ${domain?.mastersWhenMended.join('+')}`;
  });
}

describe('an election', () => {
  it('goes to the higher priority, and back to it when it is mended', () => {
    expect(decided(config(150), config(100))).toEqual([
      'nothing: lb01, then lb01',
      'lb01 down: lb02, then lb01',
      'lb01: eth0 down: lb02, then lb01',
      'lb02 down: lb01, then lb01',
      'lb02: eth0 down: lb01, then lb01',
    ]);
  });

  it('with nopreempt stays where it went', () => {
    const meek = (priority: number) => config(priority, 'state BACKUP\nnopreempt');
    expect(decided(meek(150), meek(100))).toContain('lb01 down: lb02, then lb02');
  });

  it('is not moved by a weight that is too small to matter', () => {
    const tracking = 'track_script {\n chk\n}';
    const lines = decided(config(150, tracking, script), config(100, tracking, script));
    expect(lines).toContain('lb01: script chk fails: lb01, then lb01');
    const closer = decided(config(110, tracking, script), config(100, tracking, script), 2);
    expect(closer).toContain('lb01: script chk fails: lb02, then lb01');
    expect(closer).toContain('lb01: script chk fails and lb02: script chk fails: lb01, then lb01');
  });

  it('has two Masters where the two would not understand each other', () => {
    const secret = (word: string) => `authentication {\n auth_type PASS\n auth_pass ${word}\n}`;
    expect(decided(config(150, secret('one')), config(100, secret('two')))[0]).toBe(
      'nothing: lb01+lb02, then lb01+lb02',
    );
    expect(decided(config(150, 'advert_int 1'), config(100, 'advert_int 3'))[0]).toBe(
      'nothing: lb01+lb02, then lb01+lb02',
    );
  });

  it('takes the members of a sync group together', () => {
    const pair = (priority: number) =>
      parseText(`
        vrrp_sync_group G {
          group {
            VI_1
            VI_2
          }
        }
        vrrp_instance VI_1 {
          interface eth0
          virtual_router_id 51
          priority ${priority}
          virtual_ipaddress {
            10.0.0.3
          }
        }
        vrrp_instance VI_2 {
          interface eth1
          virtual_router_id 52
          priority ${priority}
          virtual_ipaddress {
            10.1.0.3
          }
        }`).config;
    const nodes = [
      { name: 'lb01', config: pair(150) },
      { name: 'lb02', config: pair(100) },
    ];
    const outcome = decideElection(nodes, { atOnce: 1 }).outcomes.find(
      ({ down }) => down[0]?.name === 'eth1',
    );
    expect(outcome?.domains.map(({ masters }) => masters)).toEqual([['lb02'], ['lb02']]);
    const [first] = outcome?.domains ?? [];
    expect(first?.nodes[0]?.priority).toBe('Fault (sync group G)');
  });

  it('shows its arithmetic', () => {
    const tracking = 'track_script {\n chk\n}';
    const nodes = [{ name: 'lb01', config: config(150, tracking, script) }];
    const [, , , failed] = decideElection(nodes, { atOnce: 1 }).outcomes;
    expect(failed?.down).toEqual([{ node: 'lb01', kind: 'script', name: 'chk' }]);
    expect(failed?.domains[0]?.nodes[0]?.priority).toBe('150-20=130 (script chk -20)');
  });

  it('finds the source addresses of unicast instances in the lists of their peers', () => {
    const unicast = (priority: number, peer: string) => config(priority, `unicast_peer {\n ${peer}\n}`);
    const lines = decided(unicast(150, '10.0.0.6'), unicast(100, '10.0.0.5'));
    expect(lines[0]).toBe('nothing: lb01, then lb01');
  });

  it('says that it took the order of the files where two priorities are the same', () => {
    const nodes = [
      { name: 'lb01', config: config(100) },
      { name: 'lb02', config: config(100) },
    ];
    const { notes, outcomes } = decideElection(nodes, { atOnce: 1 });
    expect(notes).toEqual([expect.stringContaining('lb01 and lb02 have the same priority 100')]);
    expect(outcomes[0]?.domains[0]?.masters).toEqual(['lb02']);
  });
});
