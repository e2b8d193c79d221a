/**
 * Preferences for rules that are written without one. keepalived gives the first 16384 and each following one a lower
 * number, in the order of the configuration, so that a later rule is asked before an earlier one.
 */
import type { RuleEntry } from '../../config-parser/schema/rule.ts';
import type { AddressFamily } from '../../net/address.ts';
import { ruleFamily } from './encode-rule.ts';

const firstPreference = 16384;

export class RulePreferences {
  readonly #next: Record<AddressFamily, number> = { 4: firstPreference, 6: firstPreference };
  /** By what the rule says, so that the same line keeps its preference when the configuration is read again. */
  readonly #given = new Map<string, number>();

  of(entry: RuleEntry): number {
    if (entry.preference !== undefined) return entry.preference;
    const key = JSON.stringify(entry);
    const given = this.#given.get(key);
    if (given !== undefined) return given;
    const family = ruleFamily(entry);
    const preference = this.#next[family];
    this.#next[family] -= 1;
    this.#given.set(key, preference);
    return preference;
  }
}
