/** A block auth_hmac for examples. */

/** With one good key, number 1, and these lines. */
export function hmacExample(...lines: readonly string[]): string {
  const body = ['key 1 "an example of a key of 32 bytes."', ...lines].map((line) => `    ${line}\n`);
  return `auth_hmac {\n${body.join('')}}`;
}
