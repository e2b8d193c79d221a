/**
 * What a live drill may ask of a daemon. Who only watches is given a StatusReader, which cannot ask for anything else; only
 * who was told to switch over gets a SwitchControl. Nothing is opened before the first question.
 */
import {
  askDaemon,
  type ControlAnswer,
  type ControlRequest,
  type DaemonStatus,
} from '../../daemon/control-socket/index.ts';

export interface StatusReader {
  /** Rejects with a sentence: no daemon, no answer, no VRRP in it. */
  status(): Promise<DaemonStatus>;
}

export interface SwitchControl extends StatusReader {
  /** Resolves when a successor was heard, or when nobody came. */
  giveUp(instances: readonly string[], forMs: number): Promise<ControlAnswer>;
  resume(instances: readonly string[]): Promise<ControlAnswer>;
}

type Ask = (request: ControlRequest, timeoutMs: number) => Promise<ControlAnswer>;

const statusTimeoutMs = 2000;
/** A successor may take Master_Down_Interval, should priority 0 be lost. */
const giveUpTimeoutMs = 60_000;
const resumeTimeoutMs = 5000;

export function statusReader(socketPath: string, ask: Ask = asking(socketPath)): StatusReader {
  return {
    status: async () => {
      const answer = await ask({ kind: 'status' }, statusTimeoutMs);
      if (answer.ok && answer.daemon !== undefined) return answer.daemon;
      throw new Error(`the daemon did not tell its status: ${answer.lines.join('; ')}`);
    },
  };
}

export function switchControl(socketPath: string, ask: Ask = asking(socketPath)): SwitchControl {
  return {
    ...statusReader(socketPath, ask),
    // That a peer was heard has been looked at before, and is not asked for again.
    giveUp: (instances, forMs) =>
      ask(
        {
          kind: 'giveUp',
          hold: 'failover',
          instances,
          forMs,
          reason: 'holdfast drill --live',
          evenIfAlone: true,
        },
        giveUpTimeoutMs,
      ),
    resume: (instances) => ask({ kind: 'resume', instances }, resumeTimeoutMs),
  };
}

function asking(socketPath: string): Ask {
  return (request, timeoutMs) => askDaemon(socketPath, request, timeoutMs);
}
