/** The command line as a whole: `holdfast COMMAND`, its help, and what a mistake in it leads to. */
import { Command, CommanderError } from 'commander';
import { normalizeArguments } from './normalize-arguments.ts';
import { addRunCommand, type RunOptions } from './run-options.ts';
import { readVersion } from './version.ts';

/** Wrong usage; keepalived has 1, which `run` needs for what can be tried again. */
const usageStatus = 2;

/** Where help and complaints are written; the process's own streams, or a test's. */
export interface Streams {
  out(text: string): void;
  error(text: string): void;
}

const standardStreams: Streams = {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
};

/** What `holdfast run` does with its options; resolves with the exit status. */
export type RunAction = (options: RunOptions) => Promise<number>;

/** Understands `args` (without the program's name), performs the command and resolves with the exit status. */
export async function runProgram(
  args: readonly string[],
  run: RunAction,
  streams: Streams = standardStreams,
): Promise<number> {
  let exitCode = 0;
  const program = newProgram(streams);
  const command = addRunCommand(program, async (options) => {
    exitCode = await run(options);
  });
  const isRun = args[0] === 'run';
  const normal = isRun ? ['run', ...normalizeArguments(args.slice(1), command.options)] : [...args];
  try {
    await program.parseAsync(normal, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageStatus;
    throw error;
  }
  return exitCode;
}

function newProgram(streams: Streams): Command {
  return new Command('holdfast')
    .description('VRRP, health checks and IPVS from keepalived.conf')
    .version(`holdfast ${readVersion()}`, '-v, --version', 'print the version')
    .helpCommand(false)
    .enablePositionalOptions()
    .configureOutput({ writeOut: streams.out, writeErr: streams.error })
    .showHelpAfterError()
    .exitOverride();
}
