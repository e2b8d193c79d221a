/** The last outcomes of each check, for those who ask for the status. */
import type { ProbeOutcome } from '../../healthcheck/index.ts';

export interface Result {
  readonly atMs: number;
  readonly outcome: ProbeOutcome;
}

const kept = 5;

export class Results {
  /** The last first; by the checker's id. */
  readonly #results = new Map<string, Result[]>();
  readonly counts = { ok: 0, failed: 0, inconclusive: 0 };

  note(id: string, result: Result): void {
    this.counts[result.outcome.kind] += 1;
    const results = this.#results.get(id);
    if (results === undefined) {
      this.#results.set(id, [result]);
      return;
    }
    results.unshift(result);
    if (results.length > kept) results.pop();
  }

  of(id: string): readonly Result[] {
    return this.#results.get(id) ?? [];
  }

  forget(id: string): void {
    this.#results.delete(id);
  }
}
