/** Differences between two plain values, member by member, in words for an operator. */

/** Members that hold secrets: it is said that they differ, and not how. */
const secrets: ReadonlySet<string> = new Set(['password', 'key', 'keys', 'secret']);

const longestValue = 60;

/** `priority 150 -> 100`, one line a member that differs; lists are compared as wholes, entry by entry where they are plain. */
export function differences(before: unknown, after: unknown, path = ''): readonly string[] {
  if (sameValue(before, after)) return [];
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (secrets.has(name)) return [`${wordOf(path)} differs (it is secret)`];
  if (isRecord(before) && isRecord(after)) {
    const members = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return members.flatMap((member) =>
      differences(before[member], after[member], path === '' ? member : `${path}.${member}`),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(before, after, path);
  if (holdsSecret(before) || holdsSecret(after)) return [`${wordOf(path)} differs (it is secret)`];
  return [`${wordOf(path)} ${textOf(before)} -> ${textOf(after)}`];
}

function listDifferences(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
): readonly string[] {
  const [old, now] = [before.map(keyText), after.map(keyText)];
  const gone = before.filter((_, index) => !now.includes(old[index] ?? ''));
  const fresh = after.filter((_, index) => !old.includes(now[index] ?? ''));
  const word = wordOf(path);
  if (gone.length === 0 && fresh.length === 0) return [`${word}: another order`];
  return [
    ...gone.map((entry) => `${word} - ${entryText(entry)}`),
    ...fresh.map((entry) => `${word} + ${entryText(entry)}`),
  ];
}

export function sameValue(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((entry, index) => sameValue(entry, other[index]));
  }
  if (!isRecord(one) || !isRecord(other)) return false;
  const members = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...members].every((member) => sameValue(one[member], other[member]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  return (
    isRecord(value) &&
    Object.entries(value).some(([name, member]) => secrets.has(name) || holdsSecret(member))
  );
}

function keyText(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined';
}

/** What identifies an entry of a list is enough: an address, a name. */
function entryText(entry: unknown): string {
  if (!isRecord(entry)) return textOf(entry);
  if (holdsSecret(entry)) return 'one with a secret';
  const { address, prefixLength, name, kind } = entry;
  if (typeof address === 'string') {
    return typeof prefixLength === 'number' ? `${address}/${prefixLength}` : address;
  }
  if (typeof name === 'string') return name;
  return typeof kind === 'string' ? kind : textOf(entry);
}

function textOf(value: unknown): string {
  if (value === undefined) return 'none';
  if (value === Number.POSITIVE_INFINITY) return 'forever';
  if (isRecord(value) && Array.isArray(value['argv'])) return `"${value['argv'].join(' ')}"`;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > longestValue ? `${text.slice(0, longestValue)}...` : text;
}

/** Names of our own members, where the file has another word. */
const words: Readonly<Record<string, string>> = {
  basePriority: 'priority',
  vrid: 'virtual_router_id',
  advertisementIntervalMs: 'advert_int, in ms,',
  virtualAddresses: 'virtual_ipaddress',
  excludedAddresses: 'virtual_ipaddress_excluded',
  initialState: 'state',
  authHmac: 'auth_hmac',
  acceptMode: 'accept',
  isStrict: 'strict_mode',
  transport: 'unicast_peer or multicast',
  'transport.peers': 'unicast_peer',
  'transport.ttl': 'unicast_ttl',
  sourceAddress: 'source address',
  members: 'group',
  schedulerFlags: 'flags of the scheduler',
  scheduler: 'lb_algo',
  'method.forwarding': 'lb_kind',
  onePacket: 'ops',
  'persistence.timeoutSeconds': 'persistence_timeout',
  checkers: 'checks',
};

/** `preemptDelayMs` becomes `preempt_delay, in ms,`. */
function wordOf(path: string): string {
  const known = words[path];
  if (known !== undefined) return known;
  const unit = /(?:Ms|Seconds|Bytes)$/.exec(path)?.[0];
  const bare = unit === undefined ? path : path.slice(0, -unit.length);
  const snake = bare.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return unit === undefined ? snake : `${snake}, in ${unit.toLowerCase()},`;
}
