import type { Span } from '../../../config-parser/index.ts';
import type { FileModel, Tracked, TrackerKind } from '../../model/index.ts';
import { fileRule, type Report } from '../../rule.ts';
import { block, instance, script, scriptGlobals, textOf } from './example.ts';

const user = instance('VI_1', block('track_script', ['chk_web']));

const definitions = {
  script: 'vrrp_script',
  file: 'track_file',
  process: 'vrrp_track_process',
  bfd: 'bfd_instance',
} as const satisfies Record<Exclude<TrackerKind, 'interface'>, string>;

/** keepalived.conf(5): what is tracked must be defined above. */
export const defineAfterUse = fileRule({
  name: 'conf/define-after-use',
  level: 'error',
  summary: 'A tracker or a group is defined below the block that uses it',
  details: `keepalived looks a tracker up when it reads the line that names it. What is defined further down does not exist yet:
keepalived logs that the script, file or process is not found, leaves the line out and goes on, so that nothing watches the service
although both blocks are there. The same goes for \`track_group\`, and for the \`track_file\` of a \`FILE_CHECK\`. Instances that a
sync group names may stand in any order. Move the definition above its first use; an include that holds the definitions belongs at
the top.`,
  keepalived: 'reports',
  bad: textOf(scriptGlobals, user, script()),
  good: textOf(scriptGlobals, script(), user),
  check: (file, report) => {
    const orders = new Orders(file);
    for (const [index, { order }] of file.root.all('vrrp_instance').entries()) {
      lookAt(file.instances[index]?.tracked ?? [], order, orders, report);
    }
    for (const [index, { order }] of file.root.all('vrrp_sync_group').entries()) {
      lookAt(file.syncGroups[index]?.tracked ?? [], order, orders, report);
    }
    lookAtChecks(file, orders, report);
    lookAtStatics(file, report);
  },
});

/** Where the first definition of each tracker stands among the blocks of the file. */
class Orders {
  private readonly file: FileModel;

  constructor(file: FileModel) {
    this.file = file;
  }

  of(kind: TrackerKind, name: string): Defined | undefined {
    if (kind === 'interface') return undefined;
    const given = this.file.trackers[kind].get(name);
    return given && { order: given.order, heading: given.heading };
  }
}

interface Defined {
  readonly order: number;
  readonly heading: Span;
}

function lookAt(tracked: readonly Tracked[], order: number, orders: Orders, report: Report): void {
  for (const { kind, name, span } of tracked) {
    const defined = orders.of(kind, name);
    if (kind === 'interface' || defined === undefined || defined.order < order) continue;
    reportLate(
      { what: `${definitions[kind]} ${name}`, lost: 'nothing watches what it was to watch', span, defined },
      report,
    );
  }
}

function lookAtChecks(file: FileModel, orders: Orders, report: Report): void {
  if (file.trackers.file.size === 0) return;
  for (const [index, { order }] of file.root.all('virtual_server').entries()) {
    for (const { checkers } of file.virtualServers[index]?.realServers ?? []) {
      for (const checker of checkers) {
        const name = checker.kind === 'FILE_CHECK' ? checker.values.value('track_file') : undefined;
        const defined = typeof name === 'string' ? orders.of('file', name) : undefined;
        if (defined === undefined || defined.order < order) continue;
        const span = checker.at('track_file');
        reportLate({ what: `track_file ${name}`, lost: 'the check is dropped', span, defined }, report);
      }
    }
  }
}

function lookAtStatics({ root }: FileModel, report: Report): void {
  const groups = new Map(root.all('track_group').map((given) => [given.value, given]));
  if (groups.size === 0) return;
  const lists = [...root.all('static_ipaddress'), ...root.all('static_routes'), ...root.all('static_rules')];
  for (const { order, entries } of lists) {
    for (const { value, heading } of entries) {
      const defined = value.trackGroup === undefined ? undefined : groups.get(value.trackGroup);
      if (defined === undefined || defined.order < order) continue;
      const what = `track_group ${value.trackGroup}`;
      reportLate({ what, lost: 'losing this is no fault of any instance', span: heading, defined }, report);
    }
  }
}

interface Late {
  readonly what: string;
  readonly lost: string;
  readonly span: Span;
  readonly defined: Defined;
}

function reportLate({ what, lost, span, defined }: Late, report: Report): void {
  report({
    at: span,
    message: `${what} is defined further down, and keepalived looks it up here: it leaves the line out, and ${lost}`,
    help: 'move the definition above this block',
    notes: [{ span: defined.heading, message: 'it is defined here' }],
  });
}
