/** What the commands of `holdfast ctl` have in common. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { defaultControlSocket } from '../daemon/control-socket/protocol.ts';
import { parseDuration } from './ctl-duration.ts';

export interface Common {
  readonly socket: string;
  readonly json: boolean;
  readonly timeoutMs: number;
}

/** At least one of both. */
export interface NamedServer {
  /** `[10.0.0.3]:tcp:80`, as `ctl servers` and the log have it. */
  readonly virtualServer?: string;
  /** An address, with a port or without. */
  readonly realServer?: string;
}

export const exitStatusHelp = `
Exit status:
  0  done
  1  refused, or it failed: nothing has changed, or the message says what has
  2  wrong command line
  3  no daemon answers at the control socket
`;

export interface CommonValues {
  readonly controlSocket: string;
  readonly json?: true;
  readonly timeout: number;
}

export function subcommand(ctl: Command, name: string, description: string, timeoutMs: number): Command {
  return ctl
    .command(name)
    .description(description)
    .allowExcessArguments(false)
    .addOption(new Option('--json', 'print JSON, for programs'))
    .addOption(
      new Option('--timeout <time>', 'give up waiting after this time, such as 90s or 5m')
        .argParser(parseTime)
        .default(timeoutMs, `${timeoutMs / 1000} s`),
    )
    .addOption(
      new Option('--control-socket <path>', 'the socket of the daemon').default(defaultControlSocket),
    );
}

export function common({ controlSocket, json, timeout }: CommonValues): Common {
  return { socket: controlSocket, json: json === true, timeoutMs: timeout };
}

const longestMs = 366 * 86_400_000;

export function parseTime(text: string): number {
  const timeMs = parseDuration(text);
  if (timeMs === undefined || timeMs < 1 || timeMs > longestMs) {
    throw new InvalidArgumentError('It must be a time of at most 366d, such as 30s, 10m or 1h30m.');
  }
  return timeMs;
}
