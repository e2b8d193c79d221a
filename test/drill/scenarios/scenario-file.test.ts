/** Scenarios from an operator's file: what it may say, and what is refused with a reason. */
import { describe, expect, test } from 'vitest';
import { readScenarioFile } from '../../../src/drill/scenarios/scenario-file.ts';
import { contextFor } from './context.ts';

const good = `
scenarios:
  - name: cable-and-back
    title: The cable of the Master is out for a moment
    inject:
      - unplug: master
      - wait: 500ms
    restore:
      - plug: master
    expect: takeover
    hold: 2s
    limits: takeover<=4s
`;

test('steps become actions on whoever is Master then', () => {
  const read = readScenarioFile(good);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const [scenario] = read.scenarios;
  expect(scenario).toMatchObject({
    name: 'cable-and-back',
    title: 'The cable of the Master is out for a moment',
  });
  expect(scenario?.plan(contextFor())).toMatchObject({
    inject: [
      { do: 'unplug', machine: 'lb01' },
      { do: 'wait', ms: 500 },
    ],
    restore: [{ do: 'plug', machine: 'lb01' }],
    holdMs: 2000,
    limits: [{ figure: 'takeover', value: 4000 }],
    expect: { routers: [{ whileBroken: { kind: 'moves', from: 'lb01', to: 'lb02' } }] },
  });
});

test.each([
  ['lose-vrrp: backup 30%', { do: 'impair', machine: 'lb02', lossPercent: 30, delayMs: 0 }],
  ['delay-vrrp: lb01 200ms', { do: 'impair', machine: 'lb01', lossPercent: 0, delayMs: 200 }],
  ['kill-process: master vrrp', { do: 'kill-process', node: 'lb01', process: 'vrrp' }],
  ['reload: backup broken', { do: 'reload', node: 'lb02', with: 'broken' }],
  ['script: master check 1', { do: 'script', node: 'lb01', script: 'check', status: 1 }],
  ['heal:', { do: 'heal' }],
  ['forget: lb02', { do: 'forget', node: 'lb02' }],
])('%s', (step, action) => {
  const read = readScenarioFile(`scenarios: [ { name: x, inject: [ { ${step} } ] } ]`);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  expect(read.scenarios[0]?.plan(contextFor())).toMatchObject({ inject: [action] });
});

test('a machine that this lab does not have skips the scenario', () => {
  const read = readScenarioFile('scenarios: [ { name: x, inject: [ { server: rs9 hung } ] } ]');
  if (!read.ok) throw new Error(read.problems.join('\n'));
  expect(read.scenarios[0]?.plan(contextFor())).toEqual({ skip: 'the lab has no server rs9' });
});

describe('is refused', () => {
  test.each([
    ['[]', 'must hold "scenarios:"'],
    ['scenarios: []', 'must hold "scenarios:"'],
    ['scenarios: [ { name: "Bad Name", inject: [ { stop: master } ] } ]', 'lower-case letters'],
    ['scenarios: [ { name: x } ]', 'must be a list of steps'],
    ['scenarios: [ { name: x, inject: [ { explode: lb01 } ] } ]', 'there is no step "explode"'],
    ['scenarios: [ { name: x, inject: [ { stop: } ] } ]', 'stop needs a node'],
    ['scenarios: [ { name: x, inject: [ { server: rs1 sad } ] } ]', 'server needs a server and one of'],
    ['scenarios: [ { name: x, inject: [ { wait: soon } ] } ]', 'wait needs a time'],
    ['scenarios: [ { name: x, inject: [ { lose-vrrp: lb01 } ] } ]', 'lose-vrrp needs a node and a share'],
    ['scenarios: [ { name: x, inject: [ { stop: a, start: b } ] } ]', 'one name with its argument'],
    ['scenarios: [ { name: x, inject: [ { stop: a } ], expect: joy } ]', 'expect is one of'],
    ['scenarios: [ { name: x, inject: [ { stop: a } ], limits: "joy<=4s" } ]', 'there is no figure "joy"'],
    ['scenarios: [ { name: x, inject: [ { stop: a } ], hold: long } ]', 'is a time such as 3s'],
    ['scenarios: [ { name: x, inject: [ { stop: a } ], colour: red } ]', 'does not know "colour"'],
    [
      'scenarios: [ { name: x, inject: [ { stop: a } ] }, { name: x, inject: [ { stop: a } ] } ]',
      'two scenarios are called x',
    ],
    ['scenarios: [', ''],
  ])('%s', (text, problem) => {
    const read = readScenarioFile(text);
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.problems.join('\n')).toContain(problem);
  });
});
