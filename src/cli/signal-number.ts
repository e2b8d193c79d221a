/** keepalived(8): --signum=FUNC, the number of the signal that asks for FUNC. */
import { constants } from 'node:os';

const numbers: Readonly<Record<string, number>> = {
  STOP: constants.signals.SIGTERM,
  RELOAD: constants.signals.SIGHUP,
  DATA: constants.signals.SIGUSR1,
  STATS: constants.signals.SIGUSR2,
};

/**
 * Undefined for a function that holdfast has no signal for: keepalived uses real-time signals for some, and those would
 * end a Node.js process.
 */
export function signalNumber(name: string): number | undefined {
  return Object.hasOwn(numbers, name) ? numbers[name] : undefined;
}

export const signalNames: readonly string[] = Object.keys(numbers);
