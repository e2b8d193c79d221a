/** A child's end of the IPC channel to the supervisor, and the signals that reach a child. */
import process from 'node:process';
import type { ChildMessage, SupervisorMessage } from './ipc.ts';

/**
 * Hands `message` to the channel without waiting. `sent` is called once the channel has taken it, or never will because
 * the supervisor is gone.
 */
export function sendToSupervisor(message: ChildMessage, sent: () => void = () => {}): void {
  if (process.send === undefined || !process.connected) {
    setImmediate(sent);
    return;
  }
  // With a callback a closed channel is reported to it; without, as an 'error' event that would end the process.
  process.send(message, undefined, undefined, () => sent());
}

/** Calls `handler` with each message. The supervisor's death, which closes the channel, counts as its last: `stop`. */
export function onSupervisorMessage(handler: (message: SupervisorMessage) => void): void {
  process.on('message', (message) => handler(message as SupervisorMessage));
  // It may have died before anybody listened.
  if (process.connected) process.once('disconnect', () => handler({ kind: 'stop' }));
  else setImmediate(() => handler({ kind: 'stop' }));
}

/** By themselves they would end the process, or open Node.js's debugger for everybody on this host. */
const ignoredSignals = ['SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

/**
 * A terminal sends SIGINT and SIGHUP to the whole process group; only the supervisor answers those, and tells its
 * children. SIGTERM to the child itself asks it to stop.
 */
export function onTerminate(stop: () => void): void {
  for (const signal of ignoredSignals) process.on(signal, () => {});
  process.on('SIGTERM', stop);
}
