import type { VirtualServerModel } from '../../model/index.ts';
import { pairRule } from '../../rule.ts';
import { directors, service } from './example.ts';
import { matchServices, realServersByName, type ServicePair } from './services.ts';
import { listText } from './wording.ts';

/** keepalived.conf(5): virtual_server. */
export const virtualServerMismatch = pairRule({
  name: 'pair/virtual-server-mismatch',
  level: 'warn',
  summary: 'Directors serve different things, or serve them differently',
  details: `Both directors keep their IPVS table from their own file, and the one that becomes Master goes on with what it
has. A service that only one of them has is refused after a failover; another scheduler, forwarding method, persistence or
other real servers change who answers. Compared are the services (address, port and protocol, firewall mark, or group), the
scheduler, the forwarding method, persistence, quorum, the sorry server, and of the real servers the addresses, weights and
forwarding methods. Keep this part of the file in one text that both include.`,
  keepalived: 'silent',
  bad: directors({ below: service() }, { below: service([], 'wlc') }),
  good: directors({ below: service() }, { below: service() }),
  check: (nodes, report) => {
    const { pairs, lonely } = matchServices(nodes);
    for (const { node, without, server } of lonely) {
      const others = listText(without.map(({ name }) => name));
      report({
        at: server.heading,
        message: `virtual server ${server.name} of ${node.name} is not in ${others}: with that director as Master its clients get no answer`,
        help: `add it to ${others}`,
      });
    }
    for (const pair of pairs) {
      const differences = differencesOf(pair);
      if (differences.length === 0) continue;
      const { first, theirs, ours } = pair;
      report({
        at: ours.heading,
        message: `virtual server ${ours.name} is not that of ${first.name}: ${listText(differences, 6)}`,
        help: 'write the same on all directors',
        notes: [{ span: theirs.heading, message: theirs.name }],
      });
    }
  },
});

function differencesOf({ first, second, theirs, ours }: ServicePair): readonly string[] {
  const there = `on ${first.name}`;
  const settings = settingsOf(theirs);
  const own = settingsOf(ours).flatMap(([label, value], index) => {
    const other = settings[index]?.[1] ?? '';
    return value === other ? [] : [`${label} ${value} here and ${other} ${there}`];
  });
  const group =
    ours.group !== undefined && entriesOf(first, ours.group) !== entriesOf(second, ours.group)
      ? [`the group ${ours.group} has other entries ${there}`]
      : [];
  return [...own, ...group, ...serverDifferences(theirs, ours, there)];
}

type Setting = readonly [label: string, value: string];

function settingsOf(server: VirtualServerModel): readonly Setting[] {
  const { scheduler, forwarding, quorum, hysteresis, sorryServer, values } = server;
  const persistence = values.value('persistence_timeout');
  return [
    ['lb_algo', scheduler],
    ['lb_kind', forwarding],
    ['persistence_timeout', persistence === undefined ? 'none' : String(persistence)],
    ['quorum', String(quorum)],
    ['hysteresis', String(hysteresis)],
    ['sorry_server', sorryServer === undefined ? 'none' : `${sorryServer.address} ${sorryServer.port}`],
  ];
}

function entriesOf({ serverGroups }: ServicePair['first'], group: string): string {
  const entries = serverGroups.get(group)?.entries ?? [];
  return entries
    .map(({ statement: { keyword, args } }) => [keyword, ...args].map(({ value }) => value).join(' '))
    .toSorted()
    .join('\n');
}

function serverDifferences(
  theirs: VirtualServerModel,
  ours: VirtualServerModel,
  there: string,
): readonly string[] {
  const [known, own] = [realServersByName(theirs), realServersByName(ours)];
  const differences: string[] = [];
  for (const [name, server] of own) {
    const other = known.get(name);
    if (other === undefined) differences.push(`${name} is no real server ${there}`);
    else if (other.weight !== server.weight) {
      differences.push(`${name} has weight ${server.weight} here and ${other.weight} ${there}`);
    } else if (other.forwarding !== server.forwarding) {
      differences.push(`${name} is reached by ${server.forwarding} here and by ${other.forwarding} ${there}`);
    }
  }
  for (const name of known.keys())
    if (!own.has(name)) differences.push(`${name} is a real server ${there} only`);
  return differences;
}
