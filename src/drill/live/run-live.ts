/**
 * A live drill: it listens and asks while it watches, and, where it was told to, performs one switchover as the machine in
 * live-step.ts decides. It sends its probes, and over the control socket what control-access.ts lets it say; nothing else.
 */
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config-parser/config.ts';
import type { InstanceStatus } from '../../daemon/ipc.ts';
import { ms } from '../judge/finding.ts';
import { percentile } from '../judge/traffic.ts';
import { nowMs } from '../lab/recorder.ts';
import type { RequestSeen } from '../observation.ts';
import type { DrillProgress } from '../progress.ts';
import type { DrillReport, Limit, ScenarioRun } from '../report/report.ts';
import { type StatusReader, type SwitchControl, statusReader, switchControl } from './control-access.ts';
import { judgeLive, type SwitchoverStory } from './judge-live.ts';
import type { EndedState } from './live-messages.ts';
import { LiveRecorder } from './live-recorder.ts';
import { type LiveOutcome, liveReport } from './live-report.ts';
import { planSwitchover, type SwitchoverWish } from './live-timing.ts';
import { watchNeighbours } from './neighbour-table.ts';
import { startProbes } from './probe.ts';
import type { ProbeTarget } from './probe-targets.ts';
import { seenRouters } from './seen-routers.ts';
import { performSwitchover } from './switchover.ts';
import { nothingSeen, rivalsAt, tellSeen, tellTime, type WatchView } from './watch-words.ts';
import { listenOn } from './wire-listener.ts';

export interface LiveOptions {
  /** `forMs` undefined watches until it is interrupted. */
  readonly mode:
    | { readonly kind: 'watch'; readonly forMs: number | undefined }
    | { readonly kind: 'switchover'; readonly wish: SwitchoverWish };
  readonly targets: readonly ProbeTarget[];
  readonly interfaceName: string | undefined;
  readonly controlSocket: string | undefined;
  readonly paceMs: number;
  readonly requestTimeoutMs: number;
  readonly limits: readonly Limit[];
  readonly timeoutMs: number;
  /** For the evidence; made when it is not there. */
  readonly folder: string | undefined;
  readonly command: readonly string[];
  readonly holdfastVersion: string;
  readonly progress: DrillProgress;
  readonly signal: AbortSignal;
  /** Undefined for a file that cannot be read or understood. */
  readonly readConfig: (file: string) => Config | undefined;
}

/** Never throws for what can go wrong with a drill: that is in the report. */
export async function runLive(options: LiveOptions): Promise<DrillReport> {
  const live = new LiveDrill(options);
  try {
    await live.begin();
    await live.play();
  } catch (error) {
    live.fail(error instanceof Error ? error.message : String(error));
  } finally {
    live.stop();
  }
  return live.report();
}

const tickMs = 50;
const summaryMs = 10_000;
const afterwardsMs = 2000;

class LiveDrill {
  readonly #options: LiveOptions;
  readonly #startedAt = new Date().toISOString();
  readonly #recorder: LiveRecorder;
  readonly #toStop: (() => void)[] = [];
  readonly #notes: string[] = [];
  #view: WatchView = nothingSeen;
  #beganAtMs = nowMs();
  #status: readonly InstanceStatus[] = [];
  #config: Config | undefined;
  #control: SwitchControl | StatusReader | undefined;
  #ended: EndedState | undefined;
  #early: LiveOutcome['early'];
  #onRequest: ((seen: RequestSeen) => void) | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    const { folder } = options;
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
    this.#recorder = new LiveRecorder(
      (seen) => {
        this.#tell(tellSeen(this.#view, seen));
        if (seen.kind === 'request') this.#onRequest?.(seen);
      },
      folder === undefined ? undefined : join(folder, 'events.jsonl'),
    );
  }

  async begin(): Promise<void> {
    const { interfaceName, targets } = this.#options;
    if (interfaceName === undefined)
      this.#notes.push('Without --interface neither advertisements nor ARP were listened to.');
    else {
      const listener = listenOn(interfaceName, (sight) => this.#recorder.wire(sight, interfaceName));
      this.#toStop.push(() => listener.close());
    }
    await this.#readStatus();
    this.#beganAtMs = nowMs();
    if (targets.length > 0) this.#startProbes();
    this.#every(tickMs, () => this.#tell(tellTime(this.#view, nowMs())));
    this.#every(summaryMs, () => this.#summarize());
  }

  async play(): Promise<void> {
    const { mode } = this.#options;
    if (mode.kind === 'watch') await this.#watch(mode.forMs);
    else await this.#switchOver(mode.wish);
  }

  fail(reason: string): void {
    this.#early = { verdict: 'could-not-run', reason };
  }

  stop(): void {
    for (const stop of this.#toStop.splice(0).reverse()) stop();
    this.#recorder.write();
  }

  report(): DrillReport {
    const { command, holdfastVersion, limits, folder, mode } = this.#options;
    const run = this.#run();
    const routers = this.#routers();
    if (this.#options.interfaceName !== undefined && run !== undefined && routers.length === 0)
      this.#notes.push(
        `No advertisement was heard on ${this.#options.interfaceName}: who is Master is not known. With unicast peers only the directors hear them.`,
      );
    return liveReport({
      startedAt: this.#startedAt,
      command,
      holdfastVersion,
      limits,
      notes: this.#notes,
      routers,
      evidence:
        folder === undefined
          ? []
          : [{ name: 'events.jsonl', what: 'everything that was seen, one JSON object a line' }],
      ...(run === undefined ? {} : { run }),
      ...(this.#ended === undefined ? {} : { ended: this.#ended }),
      instances: mode.kind === 'switchover' ? mode.wish.instances : [],
      ...(this.#early === undefined ? {} : { early: this.#early }),
    });
  }

  /** Where a socket was named. A watch asks once, for the names of instances; a switchover needs the answer. */
  async #readStatus(): Promise<void> {
    const { controlSocket, mode, readConfig } = this.#options;
    if (controlSocket === undefined) return;
    this.#control = mode.kind === 'switchover' ? switchControl(controlSocket) : statusReader(controlSocket);
    const { vrrp, vrrpSilence, configuration } = await this.#control.status();
    if (vrrp === undefined)
      throw new Error(`the daemon tells nothing of VRRP: ${vrrpSilence ?? 'no reason'}`);
    this.#status = vrrp.instances;
    this.#config = readConfig(configuration.file);
  }

  #startProbes(): void {
    const { targets, paceMs, requestTimeoutMs } = this.#options;
    const probes = startProbes({ targets, paceMs, timeoutMs: requestTimeoutMs }, (seen) =>
      this.#recorder.request(seen),
    );
    const neighbours = watchNeighbours(
      targets.map(({ address }) => address).filter((address) => !address.includes(':')),
      (address, mac) => this.#recorder.neighbour(address, mac, nowMs()),
    );
    this.#toStop.push(
      () => probes.stop(),
      () => neighbours.stop(),
    );
  }

  #every(everyMs: number, act: () => void): void {
    const timer = setInterval(act, everyMs);
    this.#toStop.push(() => clearInterval(timer));
  }

  #tell({ next, lines }: { readonly next: WatchView; readonly lines: readonly string[] }): void {
    this.#view = next;
    for (const line of lines) this.#options.progress.say(line);
  }

  #summarize(): void {
    const sinceMs = nowMs() - summaryMs;
    const requests = this.#recorder.observations.filter(
      (seen): seen is RequestSeen => seen.kind === 'request' && seen.endedAtMs >= sinceMs,
    );
    if (requests.length === 0) return;
    const times = requests
      .filter(({ outcome }) => outcome === 'ok')
      .map(({ atMs, endedAtMs }) => endedAtMs - atMs)
      .toSorted((a, b) => a - b);
    const [p50, p99] = [percentile(times, 50), percentile(times, 99)];
    const latency =
      p50 === undefined || p99 === undefined ? '' : `; latency ${ms(p50)}, 99th percentile ${ms(p99)}`;
    this.#options.progress.say(
      `last ${summaryMs / 1000} s: ${requests.length} requests, ${requests.length - times.length} failed${latency}`,
    );
  }

  async #watch(forMs: number | undefined): Promise<void> {
    const { signal, timeoutMs } = this.#options;
    const wasInterrupted = await waitFor(forMs ?? timeoutMs, signal);
    // Who watches without a time ends it so.
    if (wasInterrupted && forMs !== undefined)
      this.#early = { verdict: 'aborted', reason: 'it was interrupted before its time was over' };
  }

  async #switchOver(wish: SwitchoverWish): Promise<void> {
    const { signal, progress, timeoutMs, limits } = this.#options;
    const control = this.#control;
    if (control === undefined || !('giveUp' in control))
      throw new Error('a switchover needs --control-socket');
    const named = this.#status.filter(({ name }) => wish.instances.includes(name));
    const ended = await performSwitchover({
      planNow: () =>
        planSwitchover({
          wish,
          timeoutMs,
          limits,
          instances: named,
          config: this.#config,
          seenIntervalMs: this.#seenIntervalMs(named),
        }),
      control,
      rivals: () => rivalsAt(this.#view, nowMs()),
      onRequests: (take) => {
        this.#onRequest = take;
      },
      say: (text) => progress.say(text),
      nowMs,
      signal,
    });
    this.#ended = ended;
    // What follows the return belongs to it.
    if (ended.outcome === 'done') await waitFor(afterwardsMs, signal);
    if (ended.outcome === 'refused')
      this.#early = { verdict: 'could-not-run', reason: ended.reason ?? 'there is no steady state' };
    if (ended.outcome === 'aborted')
      this.#early = { verdict: 'aborted', reason: ended.reason ?? 'it was broken off' };
  }

  #seenIntervalMs(named: readonly InstanceStatus[]): number | undefined {
    const own = this.#recorder.adverts.filter((seen) =>
      named.some(({ vrid, family }) => vrid === seen.vrid && family === seen.family),
    );
    return own.length === 0 ? undefined : Math.max(...own.map(({ intervalMs }) => intervalMs));
  }

  #routers(): ReturnType<typeof seenRouters> {
    return seenRouters(
      this.#recorder.adverts,
      (vrid, family) => this.#status.find((one) => one.vrid === vrid && one.family === family)?.name,
    );
  }

  #run(): ScenarioRun | undefined {
    const { mode, targets, limits, paceMs, requestTimeoutMs } = this.#options;
    if (this.#early?.verdict === 'could-not-run') return undefined;
    const switchover = mode.kind === 'switchover' ? storyOf(this.#ended) : undefined;
    if (mode.kind === 'switchover' && switchover === undefined) return undefined;
    return judgeLive({
      observations: this.#recorder.sorted(),
      routers: this.#routers(),
      targets,
      client: hostname(),
      limits,
      paceMs,
      requestTimeoutMs,
      beganAtMs: this.#beganAtMs,
      endedAtMs: nowMs(),
      ...(switchover === undefined ? {} : { switchover }),
    });
  }
}

/** Undefined where it never came to that. */
function storyOf(ended: EndedState | undefined): SwitchoverStory | undefined {
  if (ended?.askedAtMs === undefined || ended.resumedAtMs === undefined) return undefined;
  const { askedAtMs, resumedAtMs, endedAtMs, hasReturned, reason } = ended;
  return {
    askedAtMs,
    resumedAtMs,
    ...(hasReturned ? { returnedAtMs: endedAtMs } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** True where it was interrupted; at most 24 days. */
function waitFor(forMs: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => end(false), Math.min(forMs, 2 ** 31 - 1));
    const interrupted = (): void => end(true);
    const end = (wasInterrupted: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupted);
      resolve(wasInterrupted);
    };
    signal.addEventListener('abort', interrupted);
  });
}
