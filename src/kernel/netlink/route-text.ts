/** A route or a rule in the words of its line, as far as a message needs them. */
import type { Network } from '../../config-parser/schema/network.ts';
import type { RouteEntry } from '../../config-parser/schema/route.ts';
import type { RuleEntry } from '../../config-parser/schema/rule.ts';

/** `10.0.0.0/8 via 192.0.2.1 dev eth0 table 100`. */
export function describeRoute(entry: RouteEntry): string {
  const { type, destination, gateway, device, vrf, table, metric, nexthops } = entry;
  return words([
    type === 'unicast' ? undefined : type,
    destination === 'default' ? destination : networkText(destination),
    gateway && `via ${gateway}`,
    device && `dev ${device}`,
    vrf && `vrf ${vrf}`,
    table === undefined ? undefined : `table ${table}`,
    metric === undefined ? undefined : `metric ${metric}`,
    ...nexthops.map((hop) =>
      words(['nexthop', hop.gateway && `via ${hop.gateway}`, hop.device && `dev ${hop.device}`]),
    ),
  ]);
}

/** `from 192.0.2.0/24 table 100 preference 10`. */
export function describeRule(entry: RuleEntry): string {
  const { invert, from, to, inputInterface, outputInterface, fwmark, action, preference } = entry;
  return words([
    invert ? 'not' : undefined,
    from && `from ${endText(from)}`,
    to && `to ${endText(to)}`,
    inputInterface && `iif ${inputInterface}`,
    outputInterface && `oif ${outputInterface}`,
    fwmark && `fwmark ${fwmark.mark}`,
    actionText(action),
    preference === undefined ? undefined : `preference ${preference}`,
  ]);
}

function actionText(action: RuleEntry['action']): string {
  if (action.kind === 'table') return `table ${action.table}`;
  return action.kind === 'goto' ? `goto ${action.preference}` : action.kind;
}

function endText(end: Network | 'all'): string {
  return end === 'all' ? end : networkText(end);
}

function networkText({ address, prefixLength }: Network): string {
  return `${address}/${prefixLength}`;
}

function words(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}
