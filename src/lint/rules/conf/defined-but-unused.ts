import type { Given } from '../../../config-parser/index.ts';
import type { FileModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { block, instance, script, scriptGlobals, textOf } from './example.ts';

/** keepalived.conf(5): vrrp_script, vrrp_track_process, track_file, bfd_instance, virtual_server_group, track_group. */
export const definedButUnused = fileRule({
  name: 'conf/defined-but-unused',
  level: 'warn',
  summary: 'A script, file, process or group is defined and never used',
  details: `A definition alone does nothing: a \`vrrp_script\` that no \`track_script\` names moves no address, and keepalived does
not even run it. Mostly the \`track_*\` list was forgotten in one of the instances, or the name is mistyped there. \`keepalived -t\`
does not say so. Name it where it is to count, or delete the block.`,
  keepalived: 'logs',
  bad: textOf(scriptGlobals, script(), instance('VI_1')),
  good: textOf(scriptGlobals, script(), instance('VI_1', block('track_script', ['chk_web']))),
  check: (file, report) => {
    const used = namesUsed(file);
    for (const { keyword, given, isUsed, effect, where } of definitionsOf(file, used)) {
      if (isUsed) continue;
      report({
        at: given.heading,
        message: `nothing uses ${keyword} ${given.value}: ${effect}`,
        help: `name it in ${where}, or delete the block`,
      });
    }
  },
});

interface Definition {
  readonly keyword: string;
  readonly given: Given<string>;
  readonly isUsed: boolean;
  /** What follows from not using it, and where it would be used. */
  readonly effect: string;
  readonly where: string;
}

const kinds = {
  script: {
    keyword: 'vrrp_script',
    effect: 'it is never run, and no address moves for it',
    where: '"track_script { }"',
  },
  file: {
    keyword: 'track_file',
    effect: 'nobody looks at the file',
    where: '"track_file { }" of an instance, or in a FILE_CHECK',
  },
  process: {
    keyword: 'vrrp_track_process',
    effect: 'no address moves when the process ends',
    where: '"track_process { }"',
  },
  bfd: {
    keyword: 'bfd_instance',
    effect: 'no address moves when the neighbour is gone',
    where: '"track_bfd { }", or in a BFD_CHECK',
  },
} as const;

function definitionsOf(
  { trackers, serverGroups, virtualServers, root }: FileModel,
  used: ReadonlySet<string>,
) {
  const found: Definition[] = [];
  for (const kind of ['script', 'file', 'process', 'bfd'] as const) {
    for (const [name, given] of trackers[kind]) {
      found.push({ ...kinds[kind], given, isUsed: used.has(`${kind} ${name}`) });
    }
  }
  const groups = new Set(serverGroups.size === 0 ? [] : virtualServers.map(({ group }) => group));
  for (const [name, given] of serverGroups) {
    const where = '"virtual_server group NAME"';
    found.push({
      keyword: 'virtual_server_group',
      given,
      isUsed: groups.has(name),
      effect: 'its addresses are no services',
      where,
    });
  }
  for (const given of root.all('track_group')) {
    const where = '"track_group" after a static address, route or rule';
    found.push({
      keyword: 'track_group',
      given,
      isUsed: used.has(`group ${given.value}`),
      effect: 'it is no reason for any fault',
      where,
    });
  }
  return found;
}

/** `script chk_web`. */
function namesUsed(file: FileModel): ReadonlySet<string> {
  const { instances, syncGroups, trackers, virtualServers, root } = file;
  const used = new Set<string>();
  for (const { tracked } of [...instances, ...syncGroups]) {
    for (const { kind, name } of tracked) used.add(`${kind} ${name}`);
  }
  for (const list of ['static_ipaddress', 'static_routes', 'static_rules'] as const) {
    for (const { value } of root.entries(list)) used.add(`group ${value.trackGroup}`);
  }
  if (trackers.file.size + trackers.bfd.size === 0) return used;
  for (const { realServers } of virtualServers) {
    for (const { kind, values } of realServers.flatMap(({ checkers }) => checkers)) {
      if (kind === 'FILE_CHECK') used.add(`file ${String(values.value('track_file'))}`);
      if (kind === 'BFD_CHECK') used.add(`bfd ${String(values.value('name'))}`);
    }
  }
  return used;
}
