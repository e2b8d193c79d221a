/** keepalived.conf(5): global_defs, as far as it concerns the daemon's processes as the system sees them. */
import type { BlockValues } from './block-values.ts';
import type { ProcessesConfig, ProcessTuning, TunedProcess } from './config.ts';
import type { globalDefs } from './schema/index.ts';

type Values = BlockValues<typeof globalDefs.keywords>;

/** What process_names asks for. keepalived(8) runs as `keepalived` without being asked. */
const keepalivedNames = {
  main: 'keepalived',
  vrrp: 'keepalived_vrrp',
  checker: 'keepalived_lvs',
  bfd: 'keepalived_bfd',
} as const satisfies Record<TunedProcess | 'main', string>;

export function resolveProcesses(values: Values): ProcessesConfig {
  const keepalivedName = values.has('process_names') ? keepalivedNames.main : undefined;
  const mainName = values.value('process_name') ?? keepalivedName;
  return {
    ...(mainName !== undefined && { mainName }),
    vrrp: resolveTuning(values, 'vrrp'),
    checker: resolveTuning(values, 'checker'),
    bfd: resolveTuning(values, 'bfd'),
  };
}

function resolveTuning(values: Values, process: TunedProcess): ProcessTuning {
  const name = resolveName(values, process);
  const nice = values.value(`${process}_priority`);
  const realtimePriority = values.value(`${process}_rt_priority`);
  const realtimeLimitUs = values.value(`${process}_rlimit_rttime`);
  const cpus = values.value(`${process}_cpu_affinity`);
  return {
    ...(name !== undefined && { name }),
    ...(nice !== undefined && { nice }),
    lockMemory: values.value(`${process}_no_swap`) ?? false,
    ...(realtimePriority !== undefined && { realtimePriority }),
    ...(realtimeLimitUs !== undefined && { realtimeLimitUs }),
    ...(cpus !== undefined && { cpus }),
  };
}

/** process_names is keepalived's shorthand for a name of each child: of it and the name itself the later line counts. */
function resolveName(values: Values, process: TunedProcess): string | undefined {
  const own = values.last(`${process}_process_name`);
  const all = values.last('process_names');
  if (all === undefined || (own !== undefined && own.order > all.order)) return own?.value;
  return keepalivedNames[process];
}
