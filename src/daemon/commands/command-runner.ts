/**
 * Runs commands of one configuration. Prepares each anew at every run, so that a script which appears, or whose rights change,
 * counts from the next run on; says each problem once until it is over.
 */
import type { CommandConfig, ScriptSecurityConfig } from '../../config-parser/config.ts';
import type { LogRecord } from '../ipc.ts';
import { type Accounts, readAccounts } from './accounts.ts';
import { type CommandProblem, warned } from './command-problem.ts';
import { type CommandHost, type Prepared, prepareCommand } from './prepare-command.ts';
import { neverStarted, type RunningCommand, type RunOptions, runPrepared } from './run-command.ts';
import { withSupplementaryGroups } from './setpriv.ts';

/** What a command is for, as it stands in messages: `track script chk_web`, `notify script`. */
export type RunPurpose = string;

export interface CommandRunnerPorts {
  readonly log: (record: LogRecord) => void;
  /** This host's; tests bring their own. */
  readonly host?: () => CommandHost;
}

export class CommandRunner {
  readonly #ports: CommandRunnerPorts;
  #security: ScriptSecurityConfig;
  #accounts: Accounts | undefined;
  #saidViolation = false;
  /** By purpose and command: what was last said. */
  readonly #said = new Map<string, string>();

  constructor(security: ScriptSecurityConfig, ports: CommandRunnerPorts) {
    this.#security = security;
    this.#ports = ports;
  }

  /** After a reload: accounts are read anew, and what is still wrong is said again. */
  configure(security: ScriptSecurityConfig): void {
    this.#security = security;
    this.#accounts = undefined;
    this.#said.clear();
  }

  /** Whether it can run, without running it; says what is wrong, as `run` does. */
  check(command: CommandConfig, purpose: RunPurpose): CommandProblem | undefined {
    const prepared = this.#prepare(command, purpose);
    return prepared.ok ? undefined : prepared.problem;
  }

  /** Never throws: a command that cannot run finishes as `not-started`. */
  run(command: CommandConfig, purpose: RunPurpose, options: RunOptions = {}): RunningCommand {
    const prepared = this.#prepare(command, purpose);
    if (!prepared.ok) return neverStarted(prepared.problem);
    return runPrepared(prepared.command, options);
  }

  #prepare(command: CommandConfig, purpose: RunPurpose): Prepared {
    const prepared = this.#withGroups(prepareCommand(command, this.#security, this.#host()));
    const problems = prepared.ok ? prepared.warnings : [prepared.problem];
    this.#sayOnce(command, purpose, problems);
    if (prepared.ok && !this.#security.refusesWritable) this.#noteRoot(prepared.command.account?.uid);
    return prepared;
  }

  #withGroups(prepared: Prepared): Prepared {
    if (!prepared.ok || prepared.command.supplementaryGroups.length === 0) return prepared;
    const command = withSupplementaryGroups(prepared.command);
    if (command !== undefined) return { ...prepared, command };
    const message =
      'it runs without its supplementary groups: set_supplementary_groups needs the program setpriv (util-linux)';
    return { ...prepared, warnings: [...prepared.warnings, warned('no-setpriv', message)] };
  }

  #host(): CommandHost {
    const host = this.#ports.host?.();
    if (host !== undefined) return host;
    this.#accounts ??= readAccounts();
    return {
      accounts: this.#accounts,
      uid: process.geteuid?.() ?? 0,
      gid: process.getegid?.() ?? 0,
      searchPath: process.env['PATH'],
    };
  }

  #sayOnce(command: CommandConfig, purpose: RunPurpose, problems: readonly CommandProblem[]): void {
    const key = [purpose, ...command.argv].join('\0');
    const text = problems.map((problem) => problem.message).join('; ');
    if ((this.#said.get(key) ?? '') === text) return;
    this.#said.set(key, text);
    for (const { severity, message } of problems) {
      const consequence = severity === 'refused' ? ' cannot run' : '';
      this.#ports.log({ level: 'warning', message: `${purpose}${consequence}: ${message}` });
    }
  }

  /** In keepalived's words, which operators and their scripts look for. */
  #noteRoot(uid: number | undefined): void {
    const runsAsRoot = (uid ?? this.#host().uid) === 0;
    if (this.#saidViolation || !runsAsRoot) return;
    this.#saidViolation = true;
    this.#ports.log({
      level: 'warning',
      message: 'SECURITY VIOLATION - scripts are being executed but script_security not enabled.',
    });
  }
}
