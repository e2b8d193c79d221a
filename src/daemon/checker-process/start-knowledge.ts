/**
 * What is found out before the first table is made: from a predecessor of this process, else from the kernel's table, and from the
 * files that FILE_CHECK follows. Without it a restart would put dead servers back, take live ones out and undo what checks made of
 * the weights.
 */
import type { CheckerConfig, Config } from '../../config-parser/config.ts';
import { type Knowledge, noKnowledge, type ProbeOutcome } from '../../healthcheck/index.ts';
import { followedReading, isFollowing, outcomeOfReading } from '../../healthcheck/probes/index.ts';
import type { ObservedService } from '../../ipvs-sync/index.ts';
import type { CheckerMemory, LogRecord } from '../ipc.ts';
import { adoptTable } from './adoption.ts';
import type { Readings } from './readings.ts';
import { recall } from './recall.ts';

export interface StartPorts {
  readonly nowMs: () => number;
  readonly callAt: (atMs: number, run: () => void) => () => void;
  readonly log: (record: LogRecord) => void;
  /** The kernel's table; rejects where it cannot be read. */
  readonly observe: () => Promise<readonly ObservedService[]>;
}

export async function startKnowledge(
  { config, memory }: { readonly config: Config; readonly memory: CheckerMemory },
  readings: Readings,
  ports: StartPorts,
): Promise<Knowledge> {
  await awaitFiles(config, readings, ports);
  if (memory.ownedServices.length > 0) return recall(memory);
  // What is about to be emptied tells nothing, nor does a table that nobody is asked to make.
  if (config.globalDefs.lvs.flush || config.virtualServers.length === 0) return noKnowledge;
  try {
    const { knowledge, records } = adoptTable(config.virtualServers, await ports.observe());
    records.forEach(ports.log);
    return knowledge;
  } catch {
    // Why it cannot be read is told by whoever writes it, a moment later.
    return noKnowledge;
  }
}

/** What is told and not polled is known before anybody asks: a server that its file takes down does not begin in the table. */
export function withReadings(knowledge: Knowledge, readings: Readings): Knowledge {
  return {
    ...knowledge,
    stateOf: (checker, virtualServer, realServer) => {
      const told = outcomeOf(checker.config, readings);
      if (told === undefined) return knowledge.stateOf(checker, virtualServer, realServer);
      return told.kind === 'ok' ? 'assumedUp' : 'assumedDown';
    },
    weightOf: (checker, virtualServer, realServer) => {
      const told = outcomeOf(checker.config, readings);
      return told?.kind === 'ok' ? told.weight : knowledge.weightOf(checker, virtualServer, realServer);
    },
  };
}

/** Undefined of a checker that asks itself, and while nothing is told. */
function outcomeOf(checker: CheckerConfig, readings: Readings): ProbeOutcome | undefined {
  if (!isFollowing(checker)) return undefined;
  const outcome = outcomeOfReading(checker, readings.get(followedReading(checker)));
  return outcome.kind === 'inconclusive' ? undefined : outcome;
}

/** The script process, which reads the files, starts at the same time as this one. */
const longestWaitMs = 1000;

function awaitFiles(config: Config, readings: Readings, ports: StartPorts): Promise<void> {
  const names = new Set(
    config.virtualServers
      .flatMap(({ realServers }) => realServers)
      .flatMap(({ checkers }) => checkers.flatMap((one) => (one.kind === 'FILE_CHECK' ? [one.file] : []))),
  );
  const missing = new Set([...names].filter((name) => readings.get({ kind: 'file', name }) === undefined));
  if (missing.size === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const unfollow = [...missing].map((name) =>
      readings.follow({ kind: 'file', name }, () => {
        missing.delete(name);
        if (missing.size === 0) finish();
      }),
    );
    const forget = ports.callAt(ports.nowMs() + longestWaitMs, () => finish());
    const finish = () => {
      for (const end of unfollow) end();
      forget();
      resolve();
    };
  });
}
