/** keepalived(8): -d. The effective configuration, as JSON for people: every default filled in, no password shown. */
import type { Config } from '../config-parser/config.ts';

export function dumpConfiguration(config: Config): string {
  const hidePasswords = (key: string, value: unknown) => (key === 'password' ? '(hidden)' : value);
  return `Configuration in use:\n${JSON.stringify(config, hidePasswords, 2)}`;
}
