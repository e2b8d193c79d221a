/** keepalived.conf(5): startup_script and shutdown_script, which the supervisor runs itself: no child has work then. */
import type { Config, LifecycleScript } from '../../config-parser/config.ts';
import { CommandRunner, type RunningCommand } from '../commands/index.ts';
import type { LogRecord } from '../ipc.ts';
import { runLifecycleScript } from '../script-process/notify/index.ts';
import type { LifecycleMoment } from './messages.ts';

export interface LifecycleRun {
  /** Never rejects. */
  readonly ended: Promise<void>;
  /** It is not waited for any longer, and ends at once. */
  stop(): void;
}

export function startLifecycleScript(
  which: LifecycleMoment,
  script: LifecycleScript,
  config: Config,
  log: (record: LogRecord) => void,
): LifecycleRun {
  const runner = new CommandRunner(config.globalDefs.notify.scripts, { log });
  let running: RunningCommand | undefined;
  const run: CommandRunner['run'] = (...command) => {
    running = runner.run(...command);
    return running;
  };
  return {
    ended: runLifecycleScript(which, script, { runner: { run }, log }),
    stop: () => running?.kill(),
  };
}
