/** The scripts that run once before the daemon's work begins, and once after it has ended. */
import type { LifecycleScript } from '../../../config-parser/config.ts';
import type { CommandRunner } from '../../commands/index.ts';
import type { LogRecord } from '../../ipc.ts';
import { howItEnded } from './pipe-reader.ts';

export interface LifecyclePorts {
  readonly runner: Pick<CommandRunner, 'run'>;
  readonly log: (record: LogRecord) => void;
}

/**
 * keepalived.conf(5): startup_script, shutdown_script, and their timeouts. Resolves when the script has ended, or was ended because it
 * took too long; never rejects. Whatever it did, the daemon goes on: what went wrong is logged.
 */
export async function runLifecycleScript(
  when: 'startup' | 'shutdown',
  { command, timeoutMs }: LifecycleScript,
  { runner, log }: LifecyclePorts,
): Promise<void> {
  const result = await runner.run(command, `${when}_script`, { timeoutMs }).finished;
  if (result.kind === 'not-started') return;
  const name = `${when}_script "${command.argv.join(' ')}"`;
  if (result.kind === 'exited' && result.status === 0) {
    log({ level: 'info', message: `${name} has ended`, detail: true });
  } else {
    const limit = result.kind === 'timed-out' ? ` (${when}_script_timeout is ${timeoutMs / 1000} s)` : '';
    log({ level: 'warning', message: `${name} ${howItEnded(result)}${limit}` });
  }
}
