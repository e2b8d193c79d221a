/** Runs the commands of the configuration: as the right account, never through a shell, never for longer than allowed. */
export { type Accounts, readAccounts } from './accounts.ts';
export type { CommandProblem } from './command-problem.ts';
export { CommandRunner, type CommandRunnerPorts, type RunPurpose } from './command-runner.ts';
export { type Prepared, type PreparedCommand, prepareCommand } from './prepare-command.ts';
export {
  type CommandResult,
  type RunningCommand,
  type RunOptions,
  runPrepared,
} from './run-command.ts';
