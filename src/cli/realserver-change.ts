/** `holdfast realserver up` and `down`: the record first, then the changes one by one; what fails is taken back. */
import { readRecord, writeRecord } from '../kernel/realserver-record.ts';
import type { IpAddress } from '../net/address.ts';
import {
  type Change,
  describeChange,
  findDeviations,
  interfaceOf,
  needsOfAll,
  planDown,
  planUp,
  type Situation,
  undoCommands,
  type VirtualIp,
} from '../realserver/index.ts';
import { type Answer, failed, type RealServerPorts } from './realserver-answer.ts';
import type { RealServerCommand } from './realserver-options.ts';
import { isOurs, refuseForeignUnit, removeUnit, writeUnit } from './realserver-unit.ts';

export async function up(
  command: RealServerCommand,
  vips: readonly VirtualIp[],
  ports: RealServerPorts,
): Promise<Answer> {
  if (command.persist) refuseForeignUnit(ports.unit);
  const before = readRecord(command.record);
  const situation = await withModules(vips, ports);
  const plan = planUp(vips, situation, before);
  if (!plan.ok) return failed(...plan.problems);
  writeRecord(command.record, plan.record);
  const made: Change[] = [];
  for (const change of plan.changes) {
    // A change that fails may have been made in part.
    made.unshift(change);
    const problem = await ports.host.make(change);
    if (problem === undefined) continue;
    const left = await takeBack(made, ports);
    if (left.length === 0) writeRecord(command.record, before);
    return failed(`${problem}; ${left.length === 0 ? 'nothing has changed' : left.join('; ')}.`);
  }
  const persisted = command.persist ? persist(ports.unit, plan.record.virtualAddresses) : [];
  const after = await ports.host.situation();
  const deviations = vips.flatMap((vip) => findDeviations(vip, after));
  const done = vips.map((vip) => `${vip.address} is up on ${vip.interface} (${vip.mode}).`);
  const lines = [...plan.changes.map((change) => `  ${describeChange(change)}`), ...persisted];
  if (deviations.length > 0) {
    const wrong = deviations.map(({ address, found, needed }) => `${address}: ${found}; needed: ${needed}.`);
    return { exitCode: 1, lines: [...lines, ...wrong], json: { changes: plan.changes, deviations } };
  }
  return { exitCode: 0, lines: [...done, ...lines], json: { changes: plan.changes } };
}

/** The host, with the interfaces that come with a module. */
async function withModules(vips: readonly VirtualIp[], { host }: RealServerPorts): Promise<Situation> {
  const situation = await host.situation();
  const missing = needsOfAll(vips).flatMap((need) =>
    need.kind === 'module' && interfaceOf(situation, need.interface) === undefined ? [need] : [],
  );
  if (missing.length === 0) return situation;
  for (const { module, interface: name } of missing) {
    const problem = await host.loadModule(module);
    if (problem !== undefined) {
      throw new Error(
        `there is no ${name}, and the module ${module} that brings it cannot be loaded: ${problem}`,
      );
    }
  }
  return host.situation();
}

/** What could not be taken back, as sentences without an end. */
async function takeBack(made: readonly Change[], { host }: RealServerPorts): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const change of made) {
    const problem = await host.undo(change);
    if (problem !== undefined) problems.push(`it could not be taken back: ${problem}`);
  }
  return problems;
}

function persist(unit: string, vips: readonly VirtualIp[]): readonly string[] {
  writeUnit(unit, vips);
  return [`  ${unit} does the same at every start of this host`];
}

export async function down(
  command: RealServerCommand,
  addresses: readonly IpAddress[] | undefined,
  ports: RealServerPorts,
): Promise<Answer> {
  const record = readRecord(command.record);
  const situation = await ports.host.situation();
  const plan = planDown(addresses, situation, record);
  for (const step of plan.steps) {
    const problem = await ports.host.undo(step.change);
    if (problem !== undefined) return failed(`${problem}; "holdfast realserver down" again undoes the rest.`);
    writeRecord(command.record, step.record);
  }
  writeRecord(command.record, plan.record);
  const changes = plan.steps.map(({ change }) => change);
  const staying = plan.record.virtualAddresses.map(({ address }) => address);
  const gone = record.virtualAddresses.filter(({ address }) => !staying.includes(address));
  return {
    exitCode: 0,
    lines: [
      ...gone.map(({ address, interface: name }) => `${address} is no longer up on ${name}.`),
      ...undoCommands(changes).map((text) => `  ${text}`),
      ...plan.notes.map((note) => `  ${note}`),
      ...plan.unknown.map(
        (address) => `${address} is not up by "holdfast realserver up": nothing is undone.`,
      ),
      ...(gone.length + plan.unknown.length + changes.length === 0 ? ['There is nothing to undo.'] : []),
      ...unitLines(command, ports.unit, plan.record.virtualAddresses),
    ],
    json: { undone: changes, notes: plan.notes },
  };
}

/** The unit names what is up; where nothing is, it goes only when that is asked for: it is what stops it that calls this. */
function unitLines(
  command: RealServerCommand,
  unit: string,
  staying: readonly VirtualIp[],
): readonly string[] {
  if (!isOurs(unit)) return [];
  if (!command.persist)
    return [`  ${unit} still brings addresses up at the next start of this host; --persist removes it`];
  if (staying.length === 0) {
    removeUnit(unit);
    return [`  ${unit} is removed`];
  }
  writeUnit(unit, staying);
  return [`  ${unit} brings up what is left`];
}
