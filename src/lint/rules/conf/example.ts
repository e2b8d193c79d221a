/** Small complete configurations for the examples of the rules in this folder. */
import { block } from '../vrrp/tracking/example.ts';

export { block, instance, script, scriptGlobals, textOf } from '../vrrp/tracking/example.ts';

/** A service with one server that is checked; the lines go into the service, and into its checker. */
export function service(
  lines: readonly string[] = [],
  checkerLines: readonly string[] = [],
): readonly string[] {
  return block('virtual_server 192.0.2.10 80', [
    'delay_loop 6',
    'lb_algo wrr',
    'lb_kind DR',
    'protocol TCP',
    ...lines,
    ...block('real_server 192.0.2.20 80', block('TCP_CHECK', ['connect_timeout 3', ...checkerLines])),
  ]);
}
