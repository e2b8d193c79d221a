/** keepalived.conf(5): whom an instance or a sync group tells of its changes. Of two commands the first counts. */
import type { BlockValues } from './block-values.ts';
import type { NotifyConfig } from './config.ts';
import { resolveCommand } from './resolve-command.ts';
import type { ResolveContext } from './resolve-context.ts';
import type { syncGroup, vrrpInstance } from './schema/index.ts';

export interface NotifyDefaults {
  /** keepalived.conf(5): vrrp_notify_priority_changes; of instances only. */
  readonly priorityChanges: boolean;
  /** keepalived.conf(5): smtp_alert_vrrp, else smtp_alert. */
  readonly mail: boolean;
}

type InstanceValues = BlockValues<typeof vrrpInstance.keywords>;
type GroupValues = BlockValues<typeof syncGroup.keywords>;

export function resolveInstanceNotify(
  values: InstanceValues,
  defaults: NotifyDefaults,
  context: ResolveContext,
): NotifyConfig {
  const deleted = values.first('notify_deleted');
  const deletedCommand = resolveCommand(deleted, context);
  const lowerPriority = resolveCommand(values.first('notify_master_rx_lower_pri'), context);
  return {
    ...stateCommands(values, context),
    ...(deleted && { deleted: deletedCommand === undefined ? {} : { command: deletedCommand } }),
    ...(lowerPriority && { masterRxLowerPriority: lowerPriority }),
    priorityChanges: values.value('notify_priority_changes') ?? defaults.priorityChanges,
    mail: values.value('smtp_alert') ?? defaults.mail,
  };
}

export function resolveGroupNotify(
  values: GroupValues,
  defaults: NotifyDefaults,
  context: ResolveContext,
): NotifyConfig {
  return {
    ...stateCommands(values, context),
    priorityChanges: values.value('notify_priority_changes') ?? false,
    mail: values.value('smtp_alert') ?? defaults.mail,
  };
}

type StateCommands = Pick<NotifyConfig, 'master' | 'backup' | 'fault' | 'stop' | 'any'>;

function stateCommands(values: InstanceValues | GroupValues, context: ResolveContext): StateCommands {
  // Both tables have these.
  const shared = values as GroupValues;
  const master = resolveCommand(shared.first('notify_master'), context);
  const backup = resolveCommand(shared.first('notify_backup'), context);
  const fault = resolveCommand(shared.first('notify_fault'), context);
  const stop = resolveCommand(shared.first('notify_stop'), context);
  const any = resolveCommand(shared.first('notify'), context);
  return {
    ...(master && { master }),
    ...(backup && { backup }),
    ...(fault && { fault }),
    ...(stop && { stop }),
    ...(any && { any }),
  };
}
