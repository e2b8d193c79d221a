/** Things that run, one for each definition: a reload starts and ends only those whose definition changed. */
import { isDeepStrictEqual } from 'node:util';

export interface Tracker {
  /** Ends it and what it started; nothing is told any more. */
  stop(): void;
}

/** `index` counts those that one reload starts; `predecessor` had the same name and has just been stopped. */
export type StartTracker<Definition, Running> = (
  definition: Definition,
  index: number,
  predecessor: Running | undefined,
) => Running;

export class TrackerSet<Definition extends { readonly name: string }, Running extends Tracker> {
  readonly #start: StartTracker<Definition, Running>;
  #running: ReadonlyMap<string, { readonly definition: Definition; readonly tracker: Running }> = new Map();

  constructor(start: StartTracker<Definition, Running>) {
    this.#start = start;
  }

  /** Returns those that were stopped. */
  apply(definitions: readonly Definition[]): readonly Running[] {
    const wanted = new Map(definitions.map((definition) => [definition.name, definition]));
    const kept = new Map(
      [...this.#running].filter(([name, { definition }]) => isDeepStrictEqual(definition, wanted.get(name))),
    );
    const gone = [...this.#running].filter(([name]) => !kept.has(name)).map(([, { tracker }]) => tracker);
    for (const tracker of gone) tracker.stop();
    const after = new Map<string, { definition: Definition; tracker: Running }>();
    let started = 0;
    for (const [name, definition] of wanted) {
      const before = this.#running.get(name);
      if (before !== undefined && kept.has(name)) after.set(name, before);
      else {
        after.set(name, { definition, tracker: this.#start(definition, started, before?.tracker) });
        started += 1;
      }
    }
    this.#running = after;
    return gone;
  }

  trackers(): readonly Running[] {
    return [...this.#running.values()].map(({ tracker }) => tracker);
  }
}
