/** What other processes measure for checks that are told and not polled: files and BFD sessions. */
import { type TrackerReading, trackerKey } from '../../vrrp/tracking.ts';

type Key = Pick<TrackerReading, 'kind' | 'name'>;

export class Readings {
  readonly #readings = new Map<string, TrackerReading>();
  readonly #followers = new Map<string, Set<() => void>>();

  get(key: Key): TrackerReading | undefined {
    return this.#readings.get(trackerKey(key));
  }

  /** Calls at every reading from now on. Returns what ends that. */
  follow(key: Key, changed: () => void): () => void {
    const name = trackerKey(key);
    const followers = this.#followers.get(name) ?? new Set();
    this.#followers.set(name, followers.add(changed));
    return () => {
      followers.delete(changed);
      if (followers.size === 0 && this.#followers.get(name) === followers) this.#followers.delete(name);
    };
  }

  note(readings: readonly TrackerReading[]): void {
    for (const reading of readings) this.#readings.set(trackerKey(reading), reading);
    for (const reading of readings) {
      for (const changed of [...(this.#followers.get(trackerKey(reading)) ?? [])]) changed();
    }
  }
}
