/** The flags of `holdfast drill --live`, and what they come to. Knows nothing of how a live drill is performed. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from './ctl-duration.ts';

export interface LiveCommand {
  /** Without --live the other flags of it are a mistake. */
  readonly isNamed: boolean;
  readonly watch: boolean;
  /** Undefined watches until it is interrupted. */
  readonly forMs: number | undefined;
  /** As written. */
  readonly probes: readonly string[];
  readonly interfaceName: string | undefined;
  /** Empty where there is to be none. */
  readonly instances: readonly string[];
  readonly controlSocket: string | undefined;
  readonly confirmed: boolean;
  readonly steadyMs: number;
  readonly holdMs: number;
  readonly peerHeardWithinMs: number | undefined;
  readonly evenIfAlone: boolean;
  readonly requestTimeoutMs: number;
}

/** What commander makes of the flags. */
export interface LiveValues {
  readonly live?: true;
  readonly watch?: true;
  readonly for?: number;
  readonly probe: string[];
  readonly interface?: string;
  readonly switchover?: string[];
  readonly controlSocket?: string;
  readonly yes?: true;
  readonly steady: number;
  readonly hold: number;
  readonly peerHeardWithin?: number;
  readonly evenIfAlone?: true;
  readonly requestTimeout: number;
}

const help = `
On the real pair, from any machine that sees the service:
  holdfast drill --live --watch --probe http://10.0.0.3/ --interface eth0 [--for 10m]
      asks and listens, and does nothing to the pair
  holdfast drill --live --switchover VI_1 --control-socket PATH --probe http://10.0.0.3/ --yes
      moves VI_1 to the other director once, and back; broken off and given back when service is out for longer
      than a takeover may take, when a limit of --slo is broken, at Ctrl-C, and by the daemon itself if the drill dies
`;

export function addLiveOptions(command: Command): void {
  for (const option of liveFlags()) command.addOption(option);
  command.addHelpText('after', help);
}

/** Undefined without --live and its flags. */
export function toLiveCommand(values: LiveValues): LiveCommand | undefined {
  if (values.live !== true && !usesLiveFlag(values)) return undefined;
  return {
    isNamed: values.live === true,
    watch: values.watch === true,
    forMs: values.for,
    probes: values.probe,
    interfaceName: values.interface,
    instances: values.switchover ?? [],
    controlSocket: values.controlSocket,
    confirmed: values.yes === true,
    steadyMs: values.steady,
    holdMs: values.hold,
    peerHeardWithinMs: values.peerHeardWithin,
    evenIfAlone: values.evenIfAlone === true,
    requestTimeoutMs: values.requestTimeout,
  };
}

function usesLiveFlag(values: LiveValues): boolean {
  const { watch, switchover, controlSocket, yes, peerHeardWithin, evenIfAlone, probe } = values;
  const given = [
    watch,
    values.for,
    switchover,
    controlSocket,
    yes,
    peerHeardWithin,
    evenIfAlone,
    values.interface,
  ];
  return probe.length > 0 || given.some((one) => one !== undefined);
}

function liveFlags(): Option[] {
  return [
    new Option('--live', 'on the real pair, not in a lab'),
    new Option('--watch', 'live: ask and listen only'),
    new Option('--for <time>', 'live: watch so long')
      .argParser(duration)
      .default(undefined, 'until Ctrl-C or --timeout'),
    new Option('--probe <url>', 'live: http://ADDRESS/PATH, https:// or tcp://ADDRESS:PORT; repeatable')
      .argParser((value: string, before: readonly string[]) => [...before, value])
      .default([], 'none'),
    new Option('--interface <name>', 'live: listen there for advertisements and ARP; needs CAP_NET_RAW'),
    new Option('--switchover <instances...>', 'live: move these to the other director, and back'),
    new Option('--control-socket <path>', 'live: of the daemon that is Master'),
    new Option('--yes', 'live: do it'),
    new Option('--steady <time>', 'live: everything must have been right so long before')
      .argParser(duration)
      .default(5000, '5s'),
    new Option('--hold <time>', 'live: stay moved so long').argParser(duration).default(10_000, '10s'),
    new Option('--peer-heard-within <time>', 'live: refuse when no other router was heard for longer')
      .argParser(duration)
      .default(undefined, 'any time since the daemon started'),
    new Option('--even-if-alone', 'live: although no other router was heard yet; a Backup is silent'),
    new Option('--request-timeout <time>', 'live: a request without an answer has failed after this')
      .argParser(duration)
      .default(1000, '1s'),
  ];
}

const longestMs = 24 * 3_600_000;

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || !(ms > 0 && ms <= longestMs))
    throw new InvalidArgumentError('It must be a time, such as 30s or 10m, and at most 24h.');
  return ms;
}
