/** `holdfast realserver`: looks at this host, changes it as planned, writes down what it changes, and tells the operator. */
import { realServerHost } from '../kernel/realserver-host.ts';
import { readRecord } from '../kernel/realserver-record.ts';
import type { IpAddress } from '../net/address.ts';
import {
  changeCommands,
  findDeviations,
  needsOfAll,
  planDown,
  type RealServerRecord,
  type Situation,
  undoCommands,
  type VirtualIp,
  virtualIp,
} from '../realserver/index.ts';
import { type Answer, failed, type RealServerPorts } from './realserver-answer.ts';
import { down, up } from './realserver-change.ts';
import { alone } from './realserver-lock.ts';
import type { RealServerCommand } from './realserver-options.ts';
import { defaultUnit } from './realserver-unit.ts';
import type { Streams } from './streams.ts';

/** On this host. */
export function performRealServer(command: RealServerCommand, streams: Streams): Promise<number> {
  const isRoot = process.geteuid?.() === 0;
  return runRealServer(command, streams, { host: realServerHost, isRoot, unit: defaultUnit });
}

/** The exit status: 0 done, 1 failed or not as it has to be, 2 wrong command line. */
export async function runRealServer(
  command: RealServerCommand,
  streams: Streams,
  ports: RealServerPorts,
): Promise<number> {
  const { exitCode, lines, json } = await answerTo(command, ports);
  if (command.json) streams.out(`${JSON.stringify({ ok: exitCode === 0, lines, ...json })}\n`);
  else {
    // What check finds is its answer, though it is not well.
    const isAnswer = exitCode === 0 || (command.kind === 'check' && json !== undefined);
    const write = isAnswer ? streams.out : streams.error;
    for (const line of lines) write(`${line}\n`);
  }
  return exitCode;
}

async function answerTo(command: RealServerCommand, ports: RealServerPorts): Promise<Answer> {
  try {
    return await perform(command, ports);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return failed(`holdfast realserver ${command.kind}: ${error.message}.`);
  }
}

async function perform(command: RealServerCommand, ports: RealServerPorts): Promise<Answer> {
  const record = command.kind === 'up' && command.print ? undefined : readable(command, ports);
  const vips = virtualIps(command, record);
  const wrong = vips.filter((vip) => typeof vip === 'string');
  if (wrong.length > 0) return { exitCode: 2, lines: wrong };
  const chosen = vips.filter((vip) => typeof vip !== 'string');
  switch (command.kind) {
    case 'check':
      return check(chosen, await ports.host.situation());
    case 'up':
      if (command.print) return { exitCode: 0, lines: changeCommands(needsOfAll(chosen)) };
      return ports.isRoot ? alone(command.record, () => up(command, chosen, ports)) : notRoot(command);
    default: {
      const addresses = command.addresses.length === 0 ? undefined : chosen.map(({ address }) => address);
      if (command.print)
        return printDown(addresses, await ports.host.situation(), readRecord(command.record));
      return ports.isRoot ? alone(command.record, () => down(command, addresses, ports)) : notRoot(command);
    }
  }
}

function notRoot({ kind }: RealServerCommand): Answer {
  return failed(
    `holdfast realserver ${kind} changes addresses and settings of the kernel, which takes root; --print shows what it would do.`,
  );
}

/** Only root may read the record: for who may not, checking goes by the command line alone. */
function readable(
  { kind, record }: RealServerCommand,
  { isRoot }: RealServerPorts,
): RealServerRecord | undefined {
  if (isRoot) return readRecord(record);
  if (kind !== 'check') return undefined;
  try {
    return readRecord(record);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return undefined;
    throw error;
  }
}

/** What is up already is meant as it was brought up, unless the command line says otherwise. */
function virtualIps(
  { kind, addresses, mode, interface: name }: RealServerCommand,
  record: RealServerRecord | undefined,
): readonly (VirtualIp | string)[] {
  if (addresses.length === 0 && kind === 'check') {
    const known = record?.virtualAddresses ?? [];
    return known.length > 0 ? known : ['No address is up by "holdfast realserver up": say which to check.'];
  }
  return addresses.map((text) => {
    const vip = virtualIp(text, mode ?? 'dr', name);
    if (typeof vip === 'string' || mode !== undefined || name !== undefined) return vip;
    return record?.virtualAddresses.find(({ address }) => address === vip.address) ?? vip;
  });
}

function check(vips: readonly VirtualIp[], situation: Situation): Answer {
  const deviations = vips.flatMap((vip) => findDeviations(vip, situation));
  if (deviations.length === 0) {
    const lines = vips.map(
      (vip) => `${vip.address} is served as it has to be (${vip.mode}, on ${vip.interface}).`,
    );
    return { exitCode: 0, lines, json: { deviations } };
  }
  // What is true of the host is told once, not for each address.
  const seen = new Set<string>();
  const lines = deviations.flatMap(({ address, found, needed, command }) => {
    const isNew = !seen.has(`${found} ${command}`);
    seen.add(`${found} ${command}`);
    const mend = command === undefined ? [] : [`    mend it: ${command}`];
    return isNew ? [`${address}: ${found}.`, `    needed: ${needed}.`, ...mend] : [];
  });
  return { exitCode: 1, lines, json: { deviations } };
}

function printDown(
  addresses: readonly IpAddress[] | undefined,
  situation: Situation,
  record: RealServerRecord,
): Answer {
  const { steps } = planDown(addresses, situation, record);
  return { exitCode: 0, lines: undoCommands(steps.map(({ change }) => change)) };
}
