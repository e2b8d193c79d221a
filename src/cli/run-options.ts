/** The flags of `holdfast run`: keepalived(8)'s own, so that a unit file needs one changed word. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { defaultControlSocket } from '../daemon/control-socket/protocol.ts';
import type { ChildRole } from '../daemon/ipc.ts';
import type { MetricsAddress } from '../daemon/metrics/metrics-server.ts';
import { parseMetricsAddress } from './run-metrics-address.ts';

export const defaultConfigurationFile = '/etc/keepalived/keepalived.conf';

export const defaultPidFiles = {
  main: '/run/holdfast/holdfast.pid',
  vrrp: '/run/holdfast/vrrp.pid',
  checker: '/run/holdfast/checkers.pid',
  bfd: '/run/holdfast/bfd.pid',
} as const;

export type PidFiles = Readonly<Record<keyof typeof defaultPidFiles, string>>;

export interface RunOptions {
  readonly file: string;
  /** Undefined means the host's name, which keepalived compares `@id` lines with. */
  readonly configId: string | undefined;
  /** -e: a missing include is an error. */
  readonly allConfig: boolean;
  readonly roles: readonly ChildRole[];
  readonly allChildren: boolean;
  readonly foreground: boolean;
  readonly respawn: boolean;
  readonly keepAddressesOnExit: boolean;
  readonly keepIpvsOnExit: boolean;
  readonly ignoreSigint: boolean;
  readonly dumpConfiguration: boolean;
  readonly logConsole: boolean;
  readonly logDetail: boolean;
  readonly noSyslog: boolean;
  /** `''` means the default file. */
  readonly logFile: string | undefined;
  readonly pidFiles: PidFiles;
  readonly controlSocket: string;
  /** Which of `pidFiles`, and whether `controlSocket`, the command line names. */
  readonly givenFiles: readonly string[];
  /** Undefined serves no metrics. */
  readonly metrics: MetricsAddress | undefined;
  readonly umask: number | undefined;
  /** Set with -t; `''` means standard error. */
  readonly configTest: string | undefined;
  readonly signalName: string | undefined;
  readonly printVersion: boolean;
  /** One line for each flag that was accepted and does not do here what it does for keepalived. */
  readonly notices: readonly string[];
}

const exitStatusHelp = `
Exit status:
  0   stopped as asked; with -t: nothing was found
  1   already running, a child process that had to be killed, or a log file that cannot be written
  2   wrong command line, or a configuration that cannot run; with -t the same
  4   with -t: the configuration file is missing or cannot be read; else: a permission is missing
  5   with -t: errors, warnings or deprecated words were found, and the daemon would run all the same
  6   a file that an include insists on is missing; without -t also: the configuration file is missing
  70  a mistake in holdfast itself

Signals: SIGTERM and SIGINT stop, and asked twice stop at once; SIGHUP reads the configuration again, SIGUSR1 and SIGUSR2 are reserved.
`;

/** Adds `run` to `program`; `action` gets the options once they are all understood. */
export function addRunCommand(program: Command, action: (options: RunOptions) => Promise<void>): Command {
  const command = program
    .command('run')
    .description('run the daemon; takes the flags of keepalived(8)')
    .allowExcessArguments(false)
    .addHelpText('after', exitStatusHelp);
  const flags = [configurationFlags, processFlags, fileFlags, servingFlags, logFlags, foreignFlags];
  for (const option of flags.flatMap((some) => some())) command.addOption(option);
  return command.action((values: Values) => action(toRunOptions(values, command)));
}

function configurationFlags(): Option[] {
  return [
    new Option('-f, --use-file <file>', 'configuration file').default(defaultConfigurationFile),
    new Option('-i, --config-id <id>', "read lines that begin with @id; the host's name unless given"),
    new Option('-e, --all-config', 'any configuration file missing is an error'),
    new Option(
      '-t, --config-test [log]',
      'check the configuration, write to standard error or log, and exit',
    ),
    new Option('-d, --dump-conf', 'write the effective configuration to the log'),
  ];
}

function processFlags(): Option[] {
  return [
    new Option('-n, --dont-fork', 'stay in the foreground'),
    new Option('-P, --vrrp', 'only VRRP'),
    new Option('-C, --check', 'only health checks and IPVS'),
    new Option('-B, --no_bfd', 'no BFD'),
    new Option('--all', 'start every child process, even without configuration for it'),
    new Option('-V, --dont-release-vrrp', 'keep the virtual addresses on stop'),
    new Option('-I, --dont-release-ipvs', 'keep the IPVS entries on stop'),
    new Option('-R, --dont-respawn', 'end when a child process dies'),
    new Option('--ignore-sigint', 'do not stop on SIGINT'),
    new Option('--signum <function>', 'print the number of the signal for STOP, RELOAD, DATA or STATS'),
    new Option('-v, --version', 'print the version'),
  ];
}

function fileFlags(): Option[] {
  return [
    new Option('-p, --pid <file>', 'pid file of the daemon').default(defaultPidFiles.main),
    new Option('-r, --vrrp_pid <file>', 'pid file of the VRRP process').default(defaultPidFiles.vrrp),
    new Option('-c, --checkers_pid <file>', 'pid file of the checker process').default(
      defaultPidFiles.checker,
    ),
    new Option('-b, --bfd_pid <file>', 'pid file of the BFD process').default(defaultPidFiles.bfd),
    new Option('-u, --umask <mask>', 'umask for files that are made').argParser(parseUmask),
  ];
}

function servingFlags(): Option[] {
  return [
    new Option('--control-socket <path>', 'where holdfast ctl asks').default(defaultControlSocket),
    new Option(
      '--metrics <address:port>',
      'serve metrics for Prometheus over HTTP; a port alone is on the loopback address',
    ).argParser(parseMetricsAddress),
  ];
}

function logFlags(): Option[] {
  return [
    new Option('-l, --log-console', 'log to standard error, which -n does as well'),
    new Option('-D, --log-detail', 'write detailed log lines'),
    new Option('-g, --log-file [file]', 'log to a file, /var/log/holdfast.log unless given'),
    new Option('-G, --no-syslog', 'no log to standard error in the foreground unless -l is given'),
    new Option('-S, --log-facility <facility>', 'accepted; holdfast writes no syslog of its own').argParser(
      parseFacility,
    ),
    new Option('--flush-log-file', 'accepted; every line is written at once').hideHelp(),
  ];
}

/** Flags whose work holdfast does anyway, or does not do. */
function foreignFlags(): Option[] {
  return [
    new Option('-X, --release-vips').hideHelp(),
    new Option('-a, --address-monitoring').hideHelp(),
    new Option('-m, --core-dump').hideHelp(),
    new Option('-M, --core-dump-pattern [pattern]').hideHelp(),
    new Option('-x, --snmp').hideHelp(),
    new Option('-A, --snmp-agent-socket <file>').hideHelp(),
    new Option('-s, --namespace <name>').argParser(refuseNamespace).hideHelp(),
  ];
}

interface Values {
  readonly useFile: string;
  readonly configId?: string;
  readonly allConfig?: true;
  readonly configTest?: string;
  readonly dumpConf?: true;
  readonly dontFork?: true;
  readonly vrrp?: true;
  readonly check?: true;
  readonly all?: true;
  readonly pid: string;
  readonly vrrp_pid: string;
  readonly checkers_pid: string;
  readonly bfd_pid: string;
  readonly no_bfd?: true;
  readonly controlSocket: string;
  readonly metrics?: MetricsAddress;
  readonly dontReleaseVrrp?: true;
  readonly dontReleaseIpvs?: true;
  readonly dontRespawn?: true;
  readonly umask?: number;
  readonly ignoreSigint?: true;
  readonly signum?: string;
  readonly version?: true;
  readonly logConsole?: true;
  readonly logDetail?: true;
  readonly logFile?: string;
  readonly syslog: boolean;
  readonly logFacility?: string;
  readonly addressMonitoring?: true;
  readonly coreDump?: true;
  readonly coreDumpPattern?: string;
  readonly snmp?: true;
}

const fileNames = [
  ['pid', 'main'],
  ['vrrp_pid', 'vrrp'],
  ['checkers_pid', 'checker'],
  ['bfd_pid', 'bfd'],
  ['controlSocket', 'controlSocket'],
] as const;

function toRunOptions(values: Values, command: Command): RunOptions {
  return {
    file: values.useFile,
    configId: values.configId,
    allConfig: values.allConfig === true,
    roles: rolesOf(values),
    allChildren: values.all === true,
    foreground: values.dontFork === true,
    respawn: values.dontRespawn !== true,
    keepAddressesOnExit: values.dontReleaseVrrp === true,
    keepIpvsOnExit: values.dontReleaseIpvs === true,
    ignoreSigint: values.ignoreSigint === true,
    dumpConfiguration: values.dumpConf === true,
    logConsole: values.logConsole === true,
    logDetail: values.logDetail === true,
    noSyslog: !values.syslog,
    logFile: values.logFile,
    pidFiles: {
      main: values.pid,
      vrrp: values.vrrp_pid,
      checker: values.checkers_pid,
      bfd: values.bfd_pid,
    },
    controlSocket: values.controlSocket,
    givenFiles: fileNames.flatMap(([value, name]) =>
      command.getOptionValueSource(value) === 'cli' ? [name] : [],
    ),
    metrics: values.metrics,
    umask: values.umask,
    configTest: values.configTest,
    signalName: values.signum,
    printVersion: values.version === true,
    notices: noticesOf(values),
  };
}

/** keepalived(8): -P and -C name what runs; neither or both means everything. What these two need comes with them. */
function rolesOf({ vrrp, check, no_bfd }: Values): readonly ChildRole[] {
  const named: readonly ChildRole[] =
    vrrp === check ? ['vrrp', 'checker'] : vrrp === true ? ['vrrp'] : ['checker'];
  return no_bfd === true ? [...named, 'script'] : [...named, 'script', 'bfd'];
}

function noticesOf(values: Values): readonly string[] {
  const cases: readonly (readonly [unknown, string])[] = [
    [values.snmp, '-x, --snmp has no effect: holdfast has no SNMP agent'],
    [values.logFacility, '-S, --log-facility has no effect: holdfast writes no syslog of its own'],
    [
      values.addressMonitoring,
      '-a, --address-monitoring has no effect: addresses of others are not reported',
    ],
    [values.coreDump ?? values.coreDumpPattern, '-m and -M have no effect: see core(5) for core dumps'],
  ];
  return cases.flatMap(([isGiven, notice]) => (isGiven === undefined ? [] : [notice]));
}

/** As C reads numbers: 022 is octal, 0x12 hexadecimal, 18 decimal. */
function parseUmask(text: string): number {
  const isNumber = /^(0[0-7]*|0x[0-9a-f]+|[1-9]\d*)$/i.test(text);
  const mask = /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
  if (!isNumber || mask > 0o777) throw new InvalidArgumentError('It must be a number from 0 to 0777.');
  return mask;
}

function parseFacility(text: string): string {
  if (!/^([0-7]|local[0-7]|user|daemon)$/.test(text)) {
    throw new InvalidArgumentError('It must be 0 to 7, local0 to local7, user or daemon.');
  }
  return text;
}

/** Ignoring this one would put the addresses into the wrong namespace. */
function refuseNamespace(name: string): never {
  throw new InvalidArgumentError(
    `holdfast stays in the network namespace that it is started in: use ip netns exec ${name} holdfast run.`,
  );
}
