/**
 * What must be undone when this process ends, however it ends short of SIGKILL: each action runs once, the latest first.
 * Actions are synchronous, because nothing else runs while a process exits.
 */

const actions: (() => void)[] = [];
let listening = false;
let gracefully: Interruption | undefined;

/** What a first signal does instead of ending the process, and the exit status of a second one. */
export interface Interruption {
  readonly end: () => void;
  readonly exitStatus: number;
}

/** For work that has an orderly end of its own; a second signal cleans up and ends at once. Undefined is as without. */
export function whenInterrupted(interruption: Interruption | undefined): void {
  listen();
  gracefully = interruption;
}

/** Registers `action`; the function returned performs it now instead, at most once. */
export function atExit(action: () => void): () => void {
  listen();
  actions.push(action);
  return () => {
    const index = actions.lastIndexOf(action);
    if (index === -1) return;
    actions.splice(index, 1);
    action();
  };
}

function listen(): void {
  if (listening) return;
  listening = true;
  process.on('exit', runAll);
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    let isFirst = true;
    process.on(signal, () => {
      const interruption = gracefully;
      if (interruption !== undefined && isFirst) {
        isFirst = false;
        interruption.end();
        return;
      }
      runAll();
      process.exit(interruption?.exitStatus ?? 128 + number);
    });
  }
}

function runAll(): void {
  for (let action = actions.pop(); action !== undefined; action = actions.pop()) {
    try {
      action();
    } catch (error) {
      process.stderr.write(`clean-up: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}
