/** keepalived(8): -d. The effective configuration, as JSON for people: every default filled in, nothing secret shown. */
import type { Config } from '../config-parser/config.ts';

const hidden = '(hidden)';

export function dumpConfiguration(config: Config): string {
  return `Configuration in use:\n${JSON.stringify(config, hideSecrets, 2)}`;
}

/** What holdfast itself would not send in clear, and the password that it would. */
function hideSecrets(name: string, value: unknown): unknown {
  if (name === 'authentication') return hideMembers(value, ['password', 'key']);
  // keepalived.conf(5): auth_hmac. Keys in files have been read by now.
  if (name === 'authHmac') return hideKeys(value);
  return value;
}

function hideMembers(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const shown = Object.entries(value).map(([name, member]) => [name, names.includes(name) ? hidden : member]);
  return Object.fromEntries(shown);
}

function hideKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('keys' in value) || !Array.isArray(value.keys))
    return value;
  return { ...value, keys: value.keys.map((key) => hideMembers(key, ['value'])) };
}
