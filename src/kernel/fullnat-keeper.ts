/**
 * Keeps FULLNAT's rules in the kernel equal to what was applied last: puts them there, looks whether somebody has changed them,
 * puts them back and says so, and takes them away. One thing at a time, in the order of the calls. What is found and done is
 * returned as records for the log.
 */
import {
  compareFacts,
  countTargets,
  describeDrift,
  type FullNatGroup,
  type FullNatRules,
} from '../fullnat/index.ts';
import type { AddressFamily } from '../net/address.ts';
import type { FullNatBackend } from './fullnat-backend.ts';
import { iptablesBackend } from './fullnat-iptables.ts';
import { openNftBackend } from './fullnat-nft.ts';

export interface FullNatRecord {
  readonly level: 'info' | 'notice' | 'warning' | 'error';
  readonly message: string;
}

export interface FullNatPorts {
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
  /** In the order of preference. */
  readonly backends: readonly FullNatBackend[];
}

/** Where a change can only be found by reading all rules, they are read this often. */
const readingIntervalMs = 2000;
const firstRetryMs = 1000;
const longestRetryMs = 30_000;

const families = [4, 6] as const;

interface FamilyState {
  readonly groups: readonly FullNatGroup[];
  /** Undefined while the rules could not be put there. */
  readonly installed?: Installed;
  readonly trouble?: { readonly problem: string; readonly retryAtMs: number; readonly retryMs: number };
}

interface Installed {
  readonly backend: FullNatBackend;
  /** In the kernel's words, as they were read right after they had been put there. */
  readonly facts: readonly string[];
  readonly generation: number | undefined;
  readonly readAtMs: number;
}

/** nftables where the kernel has it, else iptables. Each family by itself. */
export function openFullNatKeeper(nowMs: () => number): FullNatKeeper {
  const backends = [openNftBackend(), iptablesBackend('legacy'), iptablesBackend('default')];
  return new FullNatKeeper({ nowMs, backends });
}

export class FullNatKeeper {
  readonly #ports: FullNatPorts;
  readonly #states = new Map<AddressFamily, FamilyState>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(ports: FullNatPorts) {
    this.#ports = ports;
  }

  /** Puts these in the place of what was there, also of what a run that crashed has left. Never rejects. */
  apply(rules: FullNatRules): Promise<readonly FullNatRecord[]> {
    return this.#inTurn((family) => this.#apply(family, rules[family]));
  }

  /** To be called about every second. Repairs what others have changed; cheap while nobody has. Never rejects. */
  check(): Promise<readonly FullNatRecord[]> {
    return this.#inTurn((family) => this.#check(family));
  }

  /** Takes our rules away. Connections that there are go on: the kernel keeps how each is translated. Never rejects. */
  async release(): Promise<readonly FullNatRecord[]> {
    await this.#queue;
    // At once: a stop has little time, and where a filter's program is slow each one counts.
    const records = await Promise.all(families.map((family) => this.#release(family)));
    for (const backend of this.#ports.backends) backend.close();
    return records.flat();
  }

  #inTurn(
    work: (family: AddressFamily) => Promise<readonly FullNatRecord[]>,
  ): Promise<readonly FullNatRecord[]> {
    const result = this.#queue.then(async () => {
      const records: FullNatRecord[] = [];
      for (const family of families) records.push(...(await work(family)));
      return records;
    });
    this.#queue = result;
    return result;
  }

  async #apply(family: AddressFamily, groups: readonly FullNatGroup[]): Promise<readonly FullNatRecord[]> {
    const before = this.#states.get(family);
    const isSame = before !== undefined && JSON.stringify(before.groups) === JSON.stringify(groups);
    if (isSame && (before.installed !== undefined || groups.length === 0)) return [];
    if (groups.length === 0) {
      if (before === undefined) await this.#removeLeftovers(family, undefined);
      const records = await this.#release(family);
      this.#states.set(family, { groups });
      return records;
    }
    const records = await this.#install(family, groups, before);
    const chosen = this.#states.get(family)?.installed?.backend;
    // Afterwards, so that connections never find no rules: what the chosen one had was replaced.
    if (before === undefined && chosen !== undefined) await this.#removeLeftovers(family, chosen);
    return records;
  }

  /** What a run that crashed has left in filters of another kind than the one that holds the rules now. */
  async #removeLeftovers(family: AddressFamily, chosen: FullNatBackend | undefined): Promise<void> {
    for (const backend of this.#ports.backends) {
      if (backend.kind !== chosen?.kind) await backend.removeLeftovers(family);
    }
  }

  async #install(
    family: AddressFamily,
    groups: readonly FullNatGroup[],
    before: FamilyState | undefined,
  ): Promise<readonly FullNatRecord[]> {
    const known = before?.installed?.backend;
    const problems: string[] = [];
    for (const backend of known === undefined ? this.#ports.backends : [known]) {
      const installed = await this.#installBy(backend, family, groups);
      if (typeof installed !== 'string') {
        this.#states.set(family, { groups, installed });
        return [
          ...(before?.trouble === undefined ? [] : [mended(family)]),
          installedRecord(family, groups, backend, problems),
        ];
      }
      problems.push(installed);
    }
    return this.#troubled(family, groups, problems.join('; '), before);
  }

  /** Its problem as a sentence without an end, where it does not succeed. */
  async #installBy(
    backend: FullNatBackend,
    family: AddressFamily,
    groups: readonly FullNatGroup[],
  ): Promise<Installed | string> {
    const result = await backend.install(family, groups);
    if (!result.ok) return result.problem;
    // Before the reading: what changes between the two is looked at again.
    const generation = await backend.generation();
    const found = await backend.observe(family);
    if (!found.ok) return found.problem;
    if (found.value.length < countTargets(groups)) {
      return `${backend.name} lists less than was set: somebody else changes these rules at this moment`;
    }
    return { backend, facts: found.value, generation, readAtMs: this.#ports.nowMs() };
  }

  #troubled(
    family: AddressFamily,
    groups: readonly FullNatGroup[],
    problem: string,
    before: FamilyState | undefined,
  ): readonly FullNatRecord[] {
    const last = before?.trouble;
    const retryMs = last === undefined ? firstRetryMs : Math.min(2 * last.retryMs, longestRetryMs);
    const retryAtMs = this.#ports.nowMs() + retryMs;
    const installed = before?.installed;
    this.#states.set(family, {
      groups,
      trouble: { problem, retryAtMs, retryMs },
      ...(installed === undefined ? {} : { installed }),
    });
    if (last?.problem === problem) return [];
    const message =
      `The FULLNAT rules of IPv${family} cannot be set: ${problem}. Real servers see the clients' own addresses until it is ` +
      'done, and what they answer may go past this director; it is tried again.';
    return [{ level: 'error', message }];
  }

  async #check(family: AddressFamily): Promise<readonly FullNatRecord[]> {
    const state = this.#states.get(family);
    if (state === undefined || state.groups.length === 0) return [];
    const { installed, trouble, groups } = state;
    if (trouble !== undefined) {
      return this.#ports.nowMs() < trouble.retryAtMs ? [] : this.#install(family, groups, state);
    }
    return installed === undefined ? [] : this.#compare(family, state, installed);
  }

  async #compare(
    family: AddressFamily,
    state: FamilyState,
    installed: Installed,
  ): Promise<readonly FullNatRecord[]> {
    const { backend, facts } = installed;
    const generation = await backend.generation();
    const isQuiet =
      generation === undefined
        ? this.#ports.nowMs() < installed.readAtMs + readingIntervalMs
        : generation === installed.generation;
    if (isQuiet) return [];
    const found = await backend.observe(family);
    if (!found.ok) return this.#troubled(family, state.groups, found.problem, state);
    const drift = compareFacts(facts, found.value);
    if (drift === undefined) {
      this.#states.set(family, {
        ...state,
        installed: { ...installed, generation, readAtMs: this.#ports.nowMs() },
      });
      return [];
    }
    const message = `Somebody has changed the FULLNAT rules of IPv${family}, ${describeDrift(drift, facts.length)}; they are set anew.`;
    return [{ level: 'warning', message }, ...(await this.#install(family, state.groups, state))];
  }

  async #release(family: AddressFamily): Promise<readonly FullNatRecord[]> {
    const installed = this.#states.get(family)?.installed;
    this.#states.delete(family);
    if (installed === undefined) return [];
    const result = await installed.backend.remove(family);
    if (result.ok) return [];
    return [
      { level: 'error', message: `The FULLNAT rules of IPv${family} cannot be removed: ${result.problem}.` },
    ];
  }
}

function mended(family: AddressFamily): FullNatRecord {
  return { level: 'notice', message: `The FULLNAT rules of IPv${family} could be set at last.` };
}

function installedRecord(
  family: AddressFamily,
  groups: readonly FullNatGroup[],
  backend: FullNatBackend,
  problems: readonly string[],
): FullNatRecord {
  const count = countTargets(groups);
  const why = problems.length === 0 ? '' : ` (${problems.join('; ')})`;
  const message = `FULLNAT: rules for ${count} real server${count === 1 ? '' : 's'} of IPv${family} are set by ${backend.name}${why}.`;
  return { level: 'info', message };
}
