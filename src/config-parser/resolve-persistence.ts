/** keepalived.conf(5): persistence_timeout, persistence_granularity, persistence_engine. */
import type { PersistenceConfig } from './config.ts';
import { reportPart } from './resolve-context.ts';
import type { ServerContext } from './resolve-virtual-server.ts';

/** keepalived.conf(5): persistence_timeout without a value. */
const usualTimeoutSeconds = 360;

export function resolvePersistence(context: ServerContext): PersistenceConfig | undefined {
  const { values } = context;
  const prefixLength = resolveGranularity(context);
  const timeoutSeconds = resolveTimeout(context);
  const engine = values.last('persistence_engine');
  if (timeoutSeconds === undefined) {
    if (engine !== undefined) {
      const message = `persistence_engine says what identifies a client, and ${context.facts.text} has no persistence; the line is ignored`;
      const help = 'write "persistence_timeout" too';
      reportPart(context, 'warning', 'persistence-engine-without-timeout', message, engine.span, help);
    }
    return undefined;
  }
  return { timeoutSeconds, prefixLength, ...(engine && { engine: engine.value }) };
}

function resolveTimeout(context: ServerContext): number | undefined {
  const { values, facts } = context;
  const given = values.value('persistence_timeout');
  if (given !== undefined) return given;
  if (values.has('persistence_granularity')) return usualTimeoutSeconds;
  if (!facts.services.some((one) => one.kind === 'address' && one.port === 0)) return undefined;
  const message = `virtual_server ${facts.text} is for all ports, which needs persistence; persistence_timeout ${usualTimeoutSeconds} is used`;
  const subject = { block: 'virtual_server', keyword: 'persistence_timeout' };
  reportPart(context, 'error', 'missing-keyword', message, undefined, undefined, subject);
  return usualTimeoutSeconds;
}

/** Of a group with addresses of both families 128, which for IPv4 means all 32 bits. */
function resolveGranularity(context: ServerContext): number {
  const { families } = context.facts;
  const longest = families.includes(6) ? 128 : 32;
  const given = context.values.last('persistence_granularity');
  if (given === undefined) return longest;
  const { family, prefixLength } = given.value;
  const [own] = families;
  if (families.length === 1 && family === own) return prefixLength;
  const message =
    families.length > 1
      ? `persistence_granularity cannot be for IPv4 and IPv6 at once, as ${context.facts.text} is; whole addresses are compared`
      : `persistence_granularity must be ${
          own === 4
            ? `an IPv4 netmask for an IPv4 service, found "${prefixLength}"`
            : 'a prefix length from 1 to 128 for an IPv6 service, found an IPv4 netmask'
        }; ${longest} bits are used`;
  reportPart(context, 'error', 'invalid-value', message, given.span);
  return longest;
}
