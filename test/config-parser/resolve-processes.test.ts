import { describe, expect, it } from 'vitest';
import type { ProcessesConfig } from '../../src/config-parser/config.ts';
import { blockOf, parseText } from './parse-helpers.ts';

function processesOf(...lines: readonly string[]): ProcessesConfig {
  return parseText(blockOf('global_defs', ...lines)).config.globalDefs.processes;
}

describe('the priorities of processes', () => {
  it.each<[string, object]>([
    ['vrrp_priority -10\nvrrp_no_swap', { vrrp: { nice: -10, lockMemory: true } }],
    ['checker_priority 7\nchecker_no_swap', { checker: { nice: 7, lockMemory: true } }],
    [
      'vrrp_rt_priority 50\nvrrp_rlimit_rttime 9\nvrrp_cpu_affinity 0 2',
      { vrrp: { realtimePriority: 50, realtimeLimitUs: 9, cpus: [0, 2], lockMemory: false } },
    ],
    [
      'checker_rt_priority 30\nchecker_rlimit_rttime 8\nchecker_cpu_affinity 1',
      { checker: { realtimePriority: 30, realtimeLimitUs: 8, cpus: [1], lockMemory: false } },
    ],
    ['bfd_rt_priority 100', { bfd: { realtimePriority: 99, lockMemory: false } }],
  ])('with %j are as they say, and those of the other processes as they were', (lines, expected) => {
    const untouched = { lockMemory: false };
    const others = { vrrp: untouched, checker: untouched, bfd: untouched };
    expect(processesOf(lines)).toEqual({ ...others, ...expected });
  });

  it('are acted on: nothing is said of them', () => {
    const lines = ['checker_rt_priority 50', 'checker_no_swap', 'checker_process_name lb', 'process_names'];
    expect(parseText(blockOf('global_defs', ...lines)).diagnostics).toEqual([]);
  });
});

const namesOf = ({ mainName, vrrp, checker, bfd }: ProcessesConfig) => [
  mainName,
  vrrp.name,
  checker.name,
  bfd.name,
];

describe('the names of processes', () => {
  it.each<[string, readonly (string | undefined)[]]>([
    ['router_id lb01', [undefined, undefined, undefined, undefined]],
    ['process_name lb', ['lb', undefined, undefined, undefined]],
    ['vrrp_process_name v\nchecker_process_name c\nbfd_process_name b', [undefined, 'v', 'c', 'b']],
    ['lvs_process_name l', [undefined, undefined, 'l', undefined]],
    ['process_names', ['keepalived', 'keepalived_vrrp', 'keepalived_lvs', 'keepalived_bfd']],
    ['process_name lb\nprocess_names', ['lb', 'keepalived_vrrp', 'keepalived_lvs', 'keepalived_bfd']],
  ])('with %j are those', (lines, expected) => {
    expect(namesOf(processesOf(lines))).toEqual(expected);
  });

  it('of process_names and a name of one process are what the later line says, as with keepalived', () => {
    const before = processesOf('vrrp_process_name mine', 'process_names');
    const after = processesOf('process_names', 'vrrp_process_name mine');
    expect(before.vrrp.name).toBe('keepalived_vrrp');
    expect(after).toMatchObject({ vrrp: { name: 'mine' }, checker: { name: 'keepalived_lvs' } });
  });

  it('are cut to the 15 bytes that the system keeps, which is told', () => {
    const { config, diagnostics } = parseText(blockOf('global_defs', 'process_name loadbalancer-one'));
    expect(config.globalDefs.processes.mainName).toBe('loadbalancer-on');
    expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining('15 bytes')]);
  });
});
