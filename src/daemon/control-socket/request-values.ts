/** What the members of a request may hold. */

export const mostInstances = 4096;
const longestNameCharacters = 255;
export const longestReasonCharacters = 500;
export const longestHoldMs = 366 * 24 * 3600 * 1000;

export function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= mostInstances && value.every(isName);
}

export function isName(value: unknown): value is string {
  return isLine(value) && value !== '' && value.length <= longestNameCharacters;
}

export function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value >= 1 && value <= longestHoldMs;
}

export function isReason(value: unknown): value is string {
  return isLine(value) && value.length <= longestReasonCharacters;
}

/** It goes to the log and to terminals: nothing that would move a cursor or begin a line of its own. */
export function isLine(value: unknown): value is string {
  return typeof value === 'string' && !/[\p{Cc}\u2028\u2029]/u.test(value);
}
