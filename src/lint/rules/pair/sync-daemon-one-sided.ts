import type { FileModel } from '../../model/index.ts';
import { pairRule, type Report } from '../../rule.ts';
import { directors } from './example.ts';
import { type SyncDaemon, syncDaemonOf } from './sync-daemon-settings.ts';

const synchronised = (id: number) => ({
  above: `global_defs {\n    lvs_sync_daemon eth0 inst VI_1 id ${id}\n}`,
});

/** ipvsadm(8): --syncid: messages of another id are not taken. */
export const syncDaemonOneSided = pairRule({
  name: 'lvs/sync-daemon-one-sided',
  level: 'warn',
  summary: 'Connections are synchronised in one direction only, or under two ids',
  details: `\`lvs_sync_daemon\` tells the other director which connections there are, so that they survive a failover. The
Backup takes only messages that carry its own id. With the daemon on one director only, or with two ids, nothing arrives and
nobody says so: at a failover all connections break. Without an \`id\` it is the virtual_router_id of the instance. Write the
same \`id\` on all directors, and the daemon on all of them.`,
  keepalived: 'silent',
  bad: directors(synchronised(10), synchronised(11)),
  good: directors({}, {}),
  check: (nodes, report) => {
    const [first, ...others] = nodes;
    for (const second of others) if (first !== undefined) compare(first, second, report);
  },
});

function compare(first: FileModel, second: FileModel, report: Report): void {
  const [theirs, ours] = [syncDaemonOf(first), syncDaemonOf(second)];
  if (theirs === undefined || ours === undefined) {
    if (theirs !== undefined) reportLonely(first, second, theirs, report);
    if (ours !== undefined) reportLonely(second, first, ours, report);
    return;
  }
  if (theirs.id === ours.id) return;
  report({
    at: ours.span,
    message: `lvs_sync_daemon has id ${ours.id} here and ${theirs.id} on ${first.name}: neither takes the connections of the other, and all break at a failover`,
    help: 'write the same id on all directors',
    notes: [{ span: theirs.span, message: `id ${theirs.id}` }],
  });
}

function reportLonely(node: FileModel, other: FileModel, daemon: SyncDaemon, report: Report): void {
  report({
    at: daemon.span,
    message: `lvs_sync_daemon is in ${node.name} only: connections are not copied to or from ${other.name}, and break at a failover`,
    help: `write it in ${other.name} too, with the same id`,
  });
}
