/** The steps that a scenario file can have: their names, their arguments, and the actions that they stand for. Pure. */
import type { Action } from '../actions.ts';
import { mainMaster, otherThan } from './expectations.ts';
import { parseTime } from './parse-time.ts';
import type { ScenarioContext } from './scenario.ts';

export interface Step {
  readonly name: string;
  readonly argument: unknown;
}

type NodeAction = 'stop' | 'start' | 'kill' | 'pause' | 'resume' | 'forget' | 'clear-table';
const nodeActions: readonly NodeAction[] = [
  'stop',
  'start',
  'kill',
  'pause',
  'resume',
  'forget',
  'clear-table',
];
const processRoles = ['supervisor', 'vrrp', 'checker', 'script', 'bfd'] as const;
const serverStates = ['killed', 'refusing', 'hung', 'failing', 'well'] as const;
const reloads = ['same', 'server-removed', 'broken'] as const;

export const stepNames: readonly string[] = [
  ...nodeActions,
  'kill-process',
  'unplug',
  'plug',
  'lose-vrrp',
  'delay-vrrp',
  'heal',
  'server',
  'reload',
  'script',
  'wait',
];

/** Arguments with two parts are written `lb01 vrrp`, `rs1 hung`. */
function parts(argument: unknown): readonly string[] {
  return String(argument ?? '')
    .split(/\s+/)
    .filter((one) => one !== '');
}

/** Why it is no step, as a sentence; undefined when it is one. */
export function stepProblem(name: string, argument: unknown): string | undefined {
  if (!stepNames.includes(name)) return `there is no step "${name}"; there are ${stepNames.join(', ')}`;
  const [first, second] = parts(argument);
  const needs = (what: string): string => `${name} needs ${what}, found ${JSON.stringify(argument)}`;
  switch (name) {
    case 'heal':
      return undefined;
    case 'wait':
      return parseTime(argument) === undefined ? needs('a time, such as 3s') : undefined;
    case 'kill-process':
      return processRoles.some((one) => one === second)
        ? undefined
        : needs(`a node and one of ${processRoles.join(', ')}`);
    case 'server':
      return serverStates.some((one) => one === second)
        ? undefined
        : needs(`a server and one of ${serverStates.join(', ')}`);
    case 'reload':
      return reloads.some((one) => one === second)
        ? undefined
        : needs(`a node and one of ${reloads.join(', ')}`);
    case 'lose-vrrp':
      return /^\d+%$/.test(second ?? '') ? undefined : needs('a node and a share, such as "backup 30%"');
    case 'delay-vrrp':
      return parseTime(second) === undefined ? needs('a node and a time, such as "backup 200ms"') : undefined;
    case 'script':
      return parts(argument).length === 3
        ? undefined
        : needs('a node, a script and its exit status, such as "master check 1"');
    default:
      return first === undefined ? needs('a node: its name, master or backup') : undefined;
  }
}

/** The actions, or a sentence why there are none in this lab. */
export function actionsFor(steps: readonly Step[], context: ScenarioContext): readonly Action[] | string {
  const actions: Action[] = [];
  for (const step of steps) {
    const found = actionsOf(step, context);
    if (typeof found === 'string') return found;
    actions.push(...found);
  }
  return actions;
}

function actionsOf({ name, argument }: Step, context: ScenarioContext): readonly Action[] | string {
  if (name === 'heal') return [{ do: 'heal' }];
  if (name === 'wait') return [{ do: 'wait', ms: parseTime(argument) ?? 0 }];
  const [first = '', second = '', third = ''] = parts(argument);
  if (name === 'server') {
    const becomes = serverStates.find((one) => one === second) ?? 'well';
    const isThere = context.topology.realServers.some((server) => server.name === first);
    return isThere ? [{ do: 'server', server: first, becomes }] : `the lab has no server ${first}`;
  }
  const machine = machineNamed(first, context);
  if (machine === undefined) return `the lab has no ${first}`;
  if (name === 'unplug' || name === 'plug') return [{ do: name, machine }];
  if (name === 'lose-vrrp' || name === 'delay-vrrp') return [impairment(name, machine, second)];
  if (!context.nodes.some((one) => one.name === machine)) return `${first} is no director`;
  if (name === 'script') return [{ do: 'script', node: machine, script: second, status: Number(third) }];
  return nodeStep(name, machine, second);
}

function impairment(name: 'lose-vrrp' | 'delay-vrrp', machine: string, amount: string): Action {
  const lossPercent = name === 'lose-vrrp' ? Number.parseInt(amount, 10) : 0;
  const delayMs = name === 'delay-vrrp' ? (parseTime(amount) ?? 0) : 0;
  return { do: 'impair', machine, what: 'vrrp', lossPercent, delayMs };
}

function nodeStep(name: string, node: string, second: string): readonly Action[] {
  if (name === 'kill-process') {
    const role = processRoles.find((one) => one === second) ?? 'vrrp';
    return [{ do: 'kill-process', node, process: role }];
  }
  if (name === 'reload')
    return [{ do: 'reload', node, with: reloads.find((one) => one === second) ?? 'same' }];
  const action = nodeActions.find((one) => one === name);
  return action === undefined ? [] : [{ do: action, node }];
}

/** `master` and `backup` are whoever that is when the scenario begins. */
function machineNamed(name: string, context: ScenarioContext): string | undefined {
  if (name === 'master') return mainMaster(context);
  if (name === 'backup') return otherThan(context, mainMaster(context));
  const { nodes, topology } = context;
  return [...nodes, ...topology.realServers, ...topology.clients, ...topology.routers].find(
    (one) => one.name === name,
  )?.name;
}
