/** Keys by which virtual servers, real servers and checkers are the same before and after a reload. */
import type { CheckerConfig, RealServerConfig, VirtualService } from '../config-parser/config.ts';

/** What the kernel knows a virtual service by. */
export function serviceKey(service: VirtualService): string {
  return definitionText(service);
}

/** What a virtual service knows its real server by. */
export function realServerKey(server: Pick<RealServerConfig, 'address' | 'port'>): string {
  return `${server.address} ${server.port}`;
}

/**
 * What is asked of whom. Timing and `alpha` are left out: a shorter `delay_loop` does not make a known verdict unknown.
 */
export function checkerKey(checker: CheckerConfig): string {
  const { timing: _timing, alpha: _alpha, ...definition } = checker;
  return definitionText(definition);
}

/** The same text for equal plain data, whatever the order of its members; undefined members count as absent. */
export function definitionText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(definitionText).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, member]) => `${JSON.stringify(name)}:${definitionText(member)}`).join()}}`;
}
