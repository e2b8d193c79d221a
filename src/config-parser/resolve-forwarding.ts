/** keepalived.conf(5): lb_kind and lvs_method. */

import type { Given } from './block-values.ts';
import type { Forwarding } from './config.ts';
import type { Reporter } from './reporter.ts';
import type { Method } from './schema/index.ts';

/** The method given; undefined where none is. Of the encapsulations only ipip is acted on, which is what TUN means. */
export function resolveForwarding(
  given: Given<Method> | undefined,
  reporter: Reporter,
): Forwarding | undefined {
  const options = given?.value.options.join(' ') ?? '';
  if (given !== undefined && options !== '' && options !== 'type ipip') {
    reporter.report({
      severity: 'error',
      code: 'not-acted-on',
      message: `"${options}" is read but holdfast does not act on it yet; packets are encapsulated as ipip`,
      span: given.span,
    });
  }
  return given?.value.forwarding;
}
