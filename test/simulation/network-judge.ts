/**
 * Judges what the routers are together: who holds the addresses, whether there is more than one Master, whether the members of a
 * group are of one mind, and, once nothing has disturbed them for long enough, whether the right one is Master.
 */
import type { Referee } from './referee.ts';
import { isFaulty, masterDownMs, understanding } from './rfc.ts';
import type { Instance } from './router.ts';

export class NetworkJudge {
  timesAtRest = 0;
  readonly #referee: Referee;
  /** By VRID and family: since when there has been more than one Master. */
  readonly #dualSinceMs = new Map<string, number>();
  /** Whose addresses have had a holder since anything rough happened last. */
  readonly #covered = new Set<string>();
  #settlingMs: number | undefined;
  #all: readonly Instance[] | undefined;
  readonly #byDomain = new Map<string, readonly Instance[]>();

  constructor(referee: Referee) {
    this.#referee = referee;
  }

  get #instances(): readonly Instance[] {
    this.#all ??= [...this.#referee.options.routers.values()].flatMap(({ instances }) => instances);
    return this.#all;
  }

  #inDomain(domain: string): readonly Instance[] {
    const known = this.#byDomain.get(domain);
    if (known !== undefined) return known;
    const instances = this.#instances.filter((instance) => instance.domain === domain);
    this.#byDomain.set(domain, instances);
    return instances;
  }

  /** There is one router or instance more. */
  added(): void {
    this.#all = undefined;
    this.#byDomain.clear();
  }

  /** What has been computed of the configurations no longer holds. */
  forget(): void {
    this.#settlingMs = undefined;
  }

  lostTrack(): void {
    this.#covered.clear();
    this.#dualSinceMs.clear();
  }

  looked(instance: Instance, isRoutine: boolean): void {
    const { router } = instance;
    if (!isRoutine) {
      for (const other of router.instances) this.#addressesAreRight(other);
      for (const { name, members } of router.groups)
        this.#groupIsOfOneMind(`${router.name}.${name}`, members);
      for (const { domain } of router.instances) {
        this.#noteMasters(domain);
        this.#noteHolders(domain);
      }
      this.#restIsRight();
    }
    this.#dualsAreShort();
  }

  lookedAtAll(): void {
    const instances = this.#instances;
    for (const instance of instances) this.#addressesAreRight(instance);
    for (const domain of domainsOf(instances)) this.#noteMasters(domain);
    this.#dualsAreShort();
    this.#restIsRight();
  }

  /** Held by a Master, by one that leaves until it has been succeeded, and by a Backup that was Master a moment ago. */
  #addressesAreRight(instance: Instance): void {
    const { config, state, held, name, router } = instance;
    if (router.isPaused) return;
    // It crashed, and nobody is there to take them away.
    if (!router.isRunning && !instance.isEnded) return;
    const { nowMs, slackMs, steps } = this.#referee;
    if (state.name === 'Backup') {
      const { lingersUntilMs } = steps.recordOf(instance);
      if (lingersUntilMs !== undefined && nowMs <= lingersUntilMs + slackMs) {
        if (nowMs < lingersUntilMs && held.size === 0)
          this.#referee.object(`${name} has let go before its successor has announced itself`);
        return;
      }
    }
    const holds = state.name === 'Master' || state.name === 'Leaving';
    const wanted = holds ? config.virtualAddresses : [];
    if (held.size !== wanted.length || wanted.some(({ address }) => !held.has(address)))
      this.#referee.object(`${name} is ${state.name} and holds "${[...held.keys()].join()}"`);
  }

  /** Never one Master and one not; who leaves has said so already. */
  #groupIsOfOneMind(name: string, members: readonly Instance[]): void {
    if (!members.some(({ state }) => state.name === 'Master')) return;
    const other = members.find(({ state }) => state.name !== 'Master');
    if (other !== undefined)
      this.#referee.object(`group ${name} has a Master, and its member ${other.name} is ${other.state.name}`);
  }

  #noteMasters(domain: string): void {
    const masters = this.#mastersOf(domain);
    if (masters.length < 2) this.#dualSinceMs.delete(domain);
    else if (!this.#dualSinceMs.has(domain)) this.#dualSinceMs.set(domain, this.#referee.nowMs);
  }

  /** Never for longer than one Master_Down_Interval while all can hear each other. */
  #dualsAreShort(): void {
    if (this.#dualSinceMs.size === 0) return;
    const { nowMs, slackMs, wholeSinceMs } = this.#referee;
    if (wholeSinceMs === undefined) return;
    for (const [domain, sinceMs] of this.#dualSinceMs) {
      const masters = this.#mastersOf(domain);
      if (new Set(masters.map(({ config }) => understanding(config))).size > 1) continue;
      const limitMs = Math.max(
        ...masters.map((master) => {
          const { priority } = this.#referee.steps.recordOf(master);
          return masterDownMs(master.config, priority, master.config.advertisementIntervalMs);
        }),
      );
      const lastedMs = nowMs - Math.max(sinceMs, wholeSinceMs);
      if (lastedMs > limitMs + slackMs)
        this.#referee.object(
          `${masters.map(({ name }) => name).join(' and ')} are Masters for ${lastedMs} ms`,
        );
    }
  }

  /** In a whole network an address that has a holder keeps one, as long as there is anybody to succeed. */
  #noteHolders(domain: string): void {
    const { wholeSinceMs, nowMs, steps } = this.#referee;
    if (wholeSinceMs === undefined || nowMs < wholeSinceMs) return;
    const instances = this.#inDomain(domain);
    const holders = instances.filter(({ held, isLinkUp }) => held.size > 0 && isLinkUp);
    // Who said priority 0 before the network was whole may not have been heard.
    const isKnown = ({ state, router }: Instance) => state.name === 'Master' && router.isRunning;
    const wasHeard = (holder: Instance) =>
      holder.state.name === 'Leaving' && steps.recordOf(holder).leftAtMs >= wholeSinceMs;
    if (holders.some((holder) => isKnown(holder) || wasHeard(holder))) this.#covered.add(domain);
    if (holders.length > 0) return;
    if (!this.#covered.delete(domain)) return;
    const successor = instances.find((instance) => this.#canSucceed(instance));
    if (new Set(instances.map(({ config }) => understanding(config))).size > 1) return;
    if (successor !== undefined && this.#areGroupedAlike(instances) && this.#areEven(instances))
      this.#referee.object(`nobody holds the addresses of VRID ${domain}, though ${successor.name} is there`);
  }

  #canSucceed(instance: Instance): boolean {
    return (instance.group?.members ?? [instance]).every((member) => {
      const { router, state } = member;
      if (!router.isRunning || router.isStopping || router.isPaused || state.name !== 'Backup') return false;
      const { hasFollowed, hold } = this.#referee.steps.recordOf(member);
      return hasFollowed && hold?.kind !== 'drain' && !isFaulty(member);
    });
  }

  #restIsRight(): void {
    const { peaceSinceMs, nowMs } = this.#referee;
    if (peaceSinceMs === undefined) return;
    this.#settlingMs ??= settlingMs(this.#instances);
    if (nowMs - peaceSinceMs <= this.#settlingMs) return;
    const instances = this.#instances;
    for (const domain of domainsOf(instances)) this.#domainIsRight(domain);
    this.timesAtRest += 1;
  }

  #domainIsRight(domain: string): void {
    const running = this.#inDomain(domain).filter(({ router }) => router.isRunning);
    if (new Set(running.map(({ config }) => understanding(config))).size > 1) return;
    const masters = this.#mastersOf(domain);
    const names = masters.map(({ name }) => name).join();
    const eligible = running.filter((instance) => this.#isEligible(instance));
    const [master] = masters;
    if (masters.length > 1) this.#referee.object(`the network is at rest with the Masters "${names}"`);
    if (!this.#areGroupedAlike(running)) return;
    if (master === undefined) {
      if (eligible.length > 0)
        this.#referee.object(
          `the network is at rest with no Master of VRID ${domain}, and ${eligible[0]?.name} could be`,
        );
      return;
    }
    const better = eligible.find((instance) => this.#isBetter(instance, master));
    if (better !== undefined)
      this.#referee.object(`the network is at rest with ${master.name}, and ${better.name} is better`);
  }

  #isEligible(instance: Instance): boolean {
    if (!instance.router.isRunning || instance.router.isStopping || isFaulty(instance)) return false;
    return (instance.group?.members ?? [instance]).every(
      (member) => this.#referee.steps.recordOf(member).hold?.kind !== 'drain',
    );
  }

  /** Whether `instance`, with all of its group, would take over from the router of `master`. */
  #isBetter(instance: Instance, master: Instance): boolean {
    return (instance.group?.members ?? [instance]).every((member) => {
      const { priority, hold } = this.#referee.steps.recordOf(member);
      const other = master.router.instances.find(({ domain }) => domain === member.domain);
      if (other === undefined) return false;
      return (
        member.config.preempt && hold === undefined && priority > this.#referee.steps.recordOf(other).priority
      );
    });
  }

  /** Groups that are not the same everywhere can wait for each other for ever. */
  #areGroupedAlike(instances: readonly Instance[]): boolean {
    const routers = new Set(instances.map(({ router }) => router));
    const shapes = [...routers].map(({ groups }) =>
      groups.map(({ members }) => members.map(({ domain }) => domain).join()).join(' '),
    );
    return new Set(shapes).size <= 1;
  }

  /**
   * Where the members of a group differ in priority, two routers that take over at once can each give way to the other; where
   * they differ in interval, the quick ones have left before the slow ones are succeeded.
   */
  #areEven(instances: readonly Instance[]): boolean {
    return instances.every(({ group }) => {
      const parts = group?.members.map((member) => {
        const priority = member.router.starts === 0 ? 0 : this.#referee.steps.recordOf(member).priority;
        return `${priority} ${member.config.advertisementIntervalMs}`;
      });
      return new Set(parts).size <= 1;
    });
  }

  #mastersOf(domain: string): readonly Instance[] {
    return this.#inDomain(domain).filter(
      ({ state, router, isLinkUp }) =>
        state.name === 'Master' && router.isRunning && !router.isPaused && isLinkUp,
    );
  }
}

function domainsOf(instances: readonly Instance[]): ReadonlySet<string> {
  return new Set(instances.map(({ domain }) => domain));
}

/**
 * Two waits (one for a preempt_delay to end), a hand-over, an advertisement that settles a tie, and the longest way of a packet.
 * A group may have to leave and wait once more.
 */
export function settlingMs(instances: readonly Instance[]): number {
  const adverMs = Math.max(0, ...instances.map(({ config }) => config.advertisementIntervalMs));
  const waitMs = Math.max(0, ...instances.map(({ config }) => masterDownMs(config, 1, adverMs)));
  const delayMs = Math.max(0, ...instances.map(({ config }) => config.preemptDelayMs));
  const isGrouped = instances.some(({ group }) => group !== undefined);
  return (isGrouped ? 5 : 3) * waitMs + delayMs + 2 * adverMs + 150;
}
