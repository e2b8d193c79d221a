/**
 * What must be undone when this process ends, however it ends short of SIGKILL: each action runs once, the latest first.
 * Actions are synchronous, because nothing else runs while a process exits.
 */

const actions: (() => void)[] = [];
let listening = false;

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
    process.once(signal, () => {
      runAll();
      process.exit(128 + number);
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
