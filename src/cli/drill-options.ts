/** The flags of `holdfast drill`. Knows nothing of labs: they are loaded only when the command is performed. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DaemonKind } from '../drill/director.ts';
import type { KernelWish } from '../drill/kernels/kernel-features.ts';
import { addLiveOptions, type LiveCommand, type LiveValues, toLiveCommand } from './drill-live-options.ts';

export interface DrillCommand {
  readonly files: readonly string[];
  /** Empty means all. */
  readonly scenarios: readonly string[];
  /** Scenarios of the operator's own. */
  readonly scenarioFiles: readonly string[];
  readonly listsScenarios: boolean;
  readonly runs: number;
  /** As written; understood by the judge. */
  readonly slo: readonly string[];
  /** Of all nodes, unless `daemonOf` has one. */
  readonly daemon: DaemonKind;
  readonly daemonOf: ReadonlyMap<string, DaemonKind>;
  readonly topologyFile: string | undefined;
  /** Empty, or one for each file, or one for all. */
  readonly configIds: readonly string[];
  readonly reportFolder: string | undefined;
  readonly json: string | undefined;
  readonly junit: string | undefined;
  readonly html: string | undefined;
  readonly compare: string | undefined;
  readonly keeps: boolean;
  readonly seed: number | undefined;
  readonly ratePerSecond: number | undefined;
  readonly timeoutMs: number;
  readonly kernel: KernelWish;
  /** Undefined is in a lab. */
  readonly live: LiveCommand | undefined;
}

const help = `
FILE are the configurations of directors that stand in for each other, two or more. Their hosts, interfaces and addresses
are taken from the files and built in network namespaces; the real daemons run on them, real servers and clients are
played. Nothing leaves the lab, and none of the files' programs is run. It needs root.

Figures for --slo, with <= < >= or >:
  takeover, takeover-after-last-advert, detection, announcement, outage, failback-outage, double-master, no-master,
  neighbour-convergence, server-out, server-back, settling, latency-p50, latency-p99   in ms or s
  failed-requests   a number, or with % a share; connections-lost   a number

Exit status:
  0   everything held
  1   a limit or an invariant was broken
  2   it could not run, or wrong usage
  3   it was interrupted, and everything was restored and removed
`;

export function addDrillCommand(program: Command, action: (command: DrillCommand) => Promise<void>): Command {
  const command = program
    .command('drill')
    .description('rehearse failovers of the directors whose files these are, in a lab')
    .argument('[files...]', 'keepalived.conf files, one a director')
    .addHelpText('after', help);
  for (const option of [...whatFlags(), ...labFlags(), ...reportFlags()]) command.addOption(option);
  addLiveOptions(command);
  return command.action((files: string[], values: Values) => action(toCommand(files, values)));
}

function whatFlags(): Option[] {
  return [
    new Option('--scenario <names>', 'only these, with commas between them; repeatable')
      .argParser(collectNames)
      .default([], 'all'),
    new Option('--scenario-file <file>', "play this file's own scenarios too (YAML); repeatable")
      .argParser(collect)
      .default([], 'none'),
    new Option('--list-scenarios', 'print the scenarios and exit'),
    new Option('--runs <n>', 'play each scenario so often').argParser(positive).default(1),
    new Option('--slo <limits>', 'what must hold besides: takeover<=4s,failed-requests<=1%')
      .argParser(collect)
      .default([], 'none'),
    new Option(
      '--seed <n>',
      'of what is left to chance, such as when between two advertisements a failure comes',
    ).argParser(whole),
    new Option('--rate <n>', 'requests a second, of each client for each service').argParser(positiveNumber),
    new Option('--timeout <seconds>', 'abort the drill after this').argParser(positive).default(3600),
  ];
}

function labFlags(): Option[] {
  return [
    new Option('--daemon <[node=]daemon>', 'holdfast or keepalived, on all nodes or on one; repeatable')
      .argParser(collectDaemon)
      .default([], 'holdfast'),
    new Option('--topology <file>', 'what the files do not say of networks, hosts and servers (YAML)'),
    new Option('-i, --config-id <id>', 'read lines that begin with @id; repeat it for each file')
      .argParser(collect)
      .default([], 'from the name of the file'),
    new Option('--kernel <which>', 'the kernel that the lab runs on')
      .choices(['auto', 'host', 'embedded'] satisfies KernelWish[])
      .default('auto'),
    new Option('--keep', 'leave the lab standing at the end, until Ctrl-C'),
  ];
}

function reportFlags(): Option[] {
  return [
    new Option('--report <folder>', 'where the report and the evidence go').default(
      undefined,
      'drill-DATE-TIME',
    ),
    new Option('--json <file>', 'also write the report as JSON there; - is standard output'),
    new Option('--junit <file>', 'also write it as JUnit there'),
    new Option('--html <file>', 'also write it as one HTML page there'),
    new Option('--compare <report.json>', 'tell what has changed since that report'),
  ];
}

interface Values extends LiveValues {
  readonly scenario: string[];
  readonly scenarioFile: string[];
  readonly listScenarios?: true;
  readonly runs: number;
  readonly slo: string[];
  readonly seed?: number;
  readonly rate?: number;
  readonly timeout: number;
  readonly daemon: string[];
  readonly topology?: string;
  readonly configId: string[];
  readonly kernel: KernelWish;
  readonly keep?: true;
  readonly report?: string;
  readonly json?: string;
  readonly junit?: string;
  readonly html?: string;
  readonly compare?: string;
}

function toCommand(files: readonly string[], values: Values): DrillCommand {
  const daemons = values.daemon.map(readDaemon);
  return {
    files,
    scenarios: values.scenario,
    scenarioFiles: values.scenarioFile,
    listsScenarios: values.listScenarios === true,
    runs: values.runs,
    slo: values.slo,
    daemon: daemons.findLast(({ node }) => node === undefined)?.daemon ?? 'holdfast',
    daemonOf: new Map(
      daemons.flatMap(({ node, daemon }) => (node === undefined ? [] : [[node, daemon] as const])),
    ),
    topologyFile: values.topology,
    configIds: values.configId,
    reportFolder: values.report,
    json: values.json,
    junit: values.junit,
    html: values.html,
    compare: values.compare,
    keeps: values.keep === true,
    seed: values.seed,
    ratePerSecond: values.rate,
    timeoutMs: values.timeout * 1000,
    kernel: values.kernel,
    live: toLiveCommand(values),
  };
}

/** `keepalived`, `lb02=keepalived`. */
function readDaemon(text: string): { node: string | undefined; daemon: DaemonKind } {
  const [, node, daemon] = /^(?:([^=]+)=)?(holdfast|keepalived)$/.exec(text) ?? [];
  if (daemon === 'holdfast' || daemon === 'keepalived') return { node, daemon };
  throw new InvalidArgumentError('--daemon is holdfast or keepalived, or NODE=keepalived.');
}

/** Refused at once where it is none. */
function collectDaemon(value: string, before: readonly string[]): string[] {
  readDaemon(value);
  return collect(value, before);
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function collectNames(value: string, before: readonly string[]): string[] {
  return [
    ...before,
    ...value
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  ];
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1000))
    throw new InvalidArgumentError('It must be a number above 0, at most 1000.');
  return value;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('It must be a whole number from 0.');
  return value;
}
