/**
 * keepalived.conf(5): auth_hmac. One that cannot sign is fatal: keepalived goes on unsigned then, and nobody would know.
 */
import type { GivenOf } from './block-values.ts';
import type { AuthHmacConfig } from './config.ts';
import { type InstanceContext, reportPart } from './resolve-context.ts';
import type { HmacKey, vrrpInstance } from './schema/index.ts';

type GivenHmac = GivenOf<typeof vrrpInstance.keywords.auth_hmac>;

/** keepalived.conf(5): time_window. */
const shortestWindowMs = 5000;
const longestWindowMs = 300_000;
const windowIntervals = 3;

export function resolveAuthHmac(
  context: InstanceContext,
  advertisementIntervalMs: number,
  isStrict: boolean,
): AuthHmacConfig | undefined {
  const given = context.values.last('auth_hmac');
  if (given === undefined) return undefined;
  const legacy = context.values.last('authentication');
  if (legacy !== undefined) {
    const message = 'auth_hmac cannot be combined with authentication, found both in one instance';
    const help = 'delete one of the two, on all routers';
    reportPart(context, 'fatal', 'auth-hmac-with-authentication', message, legacy.heading, help);
    return undefined;
  }
  const keys = resolveKeys(given, context);
  const activeKeyId = resolveActiveKey(given, keys, context);
  if (activeKeyId === undefined) return undefined;
  const windowSeconds = given.values.value('time_window');
  return {
    keys,
    activeKeyId,
    timeWindowMs:
      windowSeconds === undefined
        ? Math.min(Math.max(windowIntervals * advertisementIntervalMs, shortestWindowMs), longestWindowMs)
        : windowSeconds * 1000,
    antiReplay: given.values.value('anti_replay') ?? 'time',
    mode: resolveMode(given, isStrict, context),
  };
}

/** The first of two with one number counts, as in keepalived. */
function resolveKeys(given: GivenHmac, context: InstanceContext): readonly HmacKey[] {
  const keys = new Map<number, HmacKey>();
  for (const one of given.values.all('key')) {
    // A copy: equal lines share their value, and each has a place of its own.
    const key = { ...one.value };
    if (keys.has(key.id)) {
      const message = `key ${key.id} is given already; this line is ignored`;
      reportPart(context, 'error', 'auth-hmac-duplicate-key', message, one.heading);
      continue;
    }
    context.spans.record(key, one);
    keys.set(key.id, key);
  }
  return [...keys.values()];
}

function resolveActiveKey(
  given: GivenHmac,
  keys: readonly HmacKey[],
  context: InstanceContext,
): number | undefined {
  const active = given.values.last('active_key');
  if (active !== undefined && keys.some(({ id }) => id === active.value)) return active.value;
  const message =
    active === undefined
      ? 'auth_hmac has no active_key, so that there is no key to sign with'
      : `active_key ${active.value} names no key of this auth_hmac, so that there is no key to sign with`;
  const help = 'write "active_key" with the number of a key that stands in this block';
  reportPart(context, 'fatal', 'auth-hmac-active-key', message, active?.span ?? given.heading, help);
  return undefined;
}

function resolveMode(given: GivenHmac, isStrict: boolean, context: InstanceContext): AuthHmacConfig['mode'] {
  const mode = given.values.last('mode');
  if (mode === undefined) return 'enforce';
  if (!isStrict || mode.value === 'enforce') return mode.value;
  const message = `strict mode needs mode enforce, found "${mode.value}"; enforce is used`;
  reportPart(context, 'error', 'auth-hmac-strict-mode', message, mode.span);
  return 'enforce';
}
