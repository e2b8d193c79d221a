import type { FileModel } from '../../model/index.ts';
import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { matchInstances } from './match-instances.ts';
import { type SyncDaemon, syncDaemonOf } from './sync-daemon-settings.ts';
import { listText } from './wording.ts';

const synchronised = (port: number) => ({
  above: `global_defs {\n    lvs_sync_daemon eth0 inst VI_1 id 10 port ${port}\n}`,
});

/** ip_vs_sync of the kernel: where its messages go. */
export const syncDaemon = pairRule({
  name: 'pair/sync-daemon',
  level: 'warn',
  summary: 'Connection synchronisation is set up differently on the directors',
  details: `The messages of \`lvs_sync_daemon\` go to a multicast group and a port, as long as \`maxlen\` allows. Both ends
must use the same; keepalived follows the instance that is named, so that this must be the same virtual router on both
directors: else one sends while the other sends too, or nobody does. That the \`id\` agrees is \`lvs/sync-daemon-one-sided\`.
Whether the interface reaches the other director the files do not say.`,
  keepalived: 'silent',
  bad: directors(synchronised(8848), synchronised(8849)),
  good: directors({}, {}),
  check: (nodes, report) => {
    const [first, ...others] = nodes;
    const theirs = first && syncDaemonOf(first);
    if (first === undefined || theirs === undefined) return;
    for (const second of others) {
      const ours = syncDaemonOf(second);
      if (ours === undefined) continue;
      const differences = [...settingDifferences(theirs, ours), ...instanceDifference(nodes, theirs, ours)];
      if (differences.length === 0) continue;
      report({
        at: ours.span,
        message: `lvs_sync_daemon is not that of ${first.name}: ${listText(differences)}; connections break at a failover`,
        help: 'write the same group, port and maxlen on all directors, and the same virtual router',
        notes: [{ span: theirs.span, message: 'the daemon there' }],
      });
    }
  },
});

/** ip_vs(4) and ipvsadm(8): what holds where nothing is said. */
const defaults = { group: '224.0.0.81', port: '8848', maxlen: 'the default' } as const;

function settingDifferences(theirs: SyncDaemon, ours: SyncDaemon): readonly string[] {
  return (['group', 'port', 'maxlen'] as const).flatMap((name) => {
    const [here, there] = [ours, theirs].map(({ settings }) => settings.get(name) ?? defaults[name]);
    return here === there ? [] : [`${name} is ${here} here and ${there} there`];
  });
}

function instanceDifference(
  nodes: readonly FileModel[],
  { instance: a }: SyncDaemon,
  { instance: b }: SyncDaemon,
): readonly string[] {
  if (a === undefined || b === undefined) return [];
  const router = matchInstances(nodes).routers.find((members) =>
    members.some(({ instance }) => instance === a),
  );
  const isSame = router?.some(({ instance }) => instance === b) === true;
  return isSame ? [] : [`it follows ${b.name} here and ${a.name} there, which is another virtual router`];
}
