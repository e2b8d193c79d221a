/** The command line as a whole: `holdfast COMMAND`, its help, and what a mistake in it leads to. */
import { Command, CommanderError } from 'commander';
import { holdfastPackage } from '../kernel/package-root.ts';
import { addCtlCommand, type CtlCommand } from './ctl-options.ts';
import { addDrillCommand } from './drill-options.ts';
import { addLintCommand, type LintOptions } from './lint-options.ts';
import { normalizeArguments } from './normalize-arguments.ts';
import { addPlanCommand } from './plan-options.ts';
import { addRealServerCommand } from './realserver-options.ts';
import { addRunCommand, type RunOptions } from './run-options.ts';
import { type Streams, standardStreams } from './streams.ts';
import { addTextCommands } from './text-options.ts';

/** Wrong usage; keepalived has 1, which `run` needs for what can be tried again. */
const usageStatus = 2;

/** `holdfast plan` says with 2 that there are changes. */
const planUsageStatus = 1;

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
  const end = (status: number) => {
    exitCode = status;
  };
  addCtl(program, streams, end);
  addPlan(program, streams, end);
  addRealServer(program, streams, end);
  addDrill(program, streams, end);
  addReadingCommands(program, streams, end);
  const isRun = args[0] === 'run';
  const normal = isRun ? ['run', ...normalizeArguments(args.slice(1), command.options)] : [...args];
  try {
    await program.parseAsync(normal, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      const mistake = args[0] === 'plan' ? planUsageStatus : usageStatus;
      return error.exitCode === 0 ? 0 : mistake;
    }
    throw error;
  }
  return exitCode;
}

/** Every command with its flags, for who writes about them; nothing is performed. */
export function describeProgram(): Command {
  const program = newProgram(standardStreams);
  addRunCommand(program, async () => undefined);
  addCtl(program, standardStreams, () => undefined);
  addPlan(program, standardStreams, () => undefined);
  addRealServer(program, standardStreams, () => undefined);
  addDrill(program, standardStreams, () => undefined);
  addReadingCommands(program, standardStreams, () => undefined);
  return program;
}

function addCtl(program: Command, streams: Streams, end: (status: number) => void): void {
  addCtlCommand(program, async (command: CtlCommand) => {
    const [{ runCtl }, { standardTerminal }] = await Promise.all([
      import('./ctl.ts'),
      import('./ctl-terminal.ts'),
    ]);
    end(await runCtl(command, standardTerminal(streams)));
    await streams.flush();
  });
}

function addPlan(program: Command, streams: Streams, end: (status: number) => void): void {
  addPlanCommand(program, async (command) => {
    const { runPlan } = await import('./plan.ts');
    end(await runPlan(command, streams));
    await streams.flush();
  });
}

function addRealServer(program: Command, streams: Streams, end: (status: number) => void): void {
  addRealServerCommand(program, async (command) => {
    const { performRealServer } = await import('./realserver.ts');
    end(await performRealServer(command, streams));
    await streams.flush();
  });
}

function addDrill(program: Command, streams: Streams, end: (status: number) => void): void {
  addDrillCommand(program, async (command) => {
    const { performDrill } = await import('./drill.ts');
    end(await performDrill(command, streams));
    await streams.flush();
  });
}

/** Those that only read and write texts. Each is loaded when it is performed: the daemon starts without. */
function addReadingCommands(program: Command, streams: Streams, end: (status: number) => void): void {
  const perform = async (status: number | Promise<number>) => {
    end(await status);
    await streams.flush();
  };
  addLintCommand(program, async (options, command) => perform(performLint(options, command, streams)));
  addTextCommands(program, {
    fmt: async (options) => {
      const { runFmt } = await import('./fmt.ts');
      await perform(runFmt(options, streams));
    },
    explain: async (names) => {
      const { listExplainable, runExplain } = await import('./explain.ts');
      await perform(names.length === 0 ? listExplainable(streams) : runExplain(names, streams));
    },
    explainElection: async (command) => {
      const { explainElection } = await import('./explain-election.ts');
      await perform(explainElection(command, streams));
    },
    completion: async (shell) => {
      const [{ commandFacts }, { completionScript }] = await Promise.all([
        import('./completion/command-facts.ts'),
        import('./completion/scripts.ts'),
      ]);
      streams.out(completionScript(shell, commandFacts(program)));
      await perform(0);
    },
    configDump: async (options) => {
      const { runConfigDump } = await import('./config-dump.ts');
      await perform(runConfigDump(options, streams));
    },
  });
}

async function performLint(options: LintOptions, command: Command, streams: Streams): Promise<number> {
  const [{ lintFiles }, { UsageError }] = await Promise.all([
    import('./lint.ts'),
    import('./usage-error.ts'),
  ]);
  try {
    return await lintFiles(options, streams);
  } catch (error) {
    if (error instanceof UsageError) return command.error(`error: ${error.message}`);
    throw error;
  }
}

function newProgram(streams: Streams): Command {
  return new Command('holdfast')
    .description('VRRP, health checks and IPVS from keepalived.conf')
    .version(`holdfast ${holdfastPackage().version}`, '-v, --version', 'print the version')
    .helpCommand(false)
    .enablePositionalOptions()
    .configureOutput({ writeOut: streams.out, writeErr: streams.error })
    .showHelpAfterError()
    .exitOverride();
}
