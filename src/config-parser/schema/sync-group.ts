/** keepalived.conf(5): vrrp_sync_group: instances that are Master together or not at all. */
import { flag, nothing, onOff } from './arguments.ts';
import { instanceNames } from './name-list.ts';
import { acts, defineBlock, defineList } from './schema.ts';
import { stateNotifications } from './scripts.ts';
import { tracking } from './tracking.ts';

export const syncGroup = defineBlock('vrrp_sync_group', {
  group: acts(nothing, 'Instances that go together; each may be in one sync group only', {
    block: defineList('a line of group', instanceNames),
  }),
  ...stateNotifications,
  ...tracking,
  smtp_alert: acts(onOff, 'Send mail when the group changes state. Without it, as smtp_alert_vrrp says'),
  sync_group_tracking_weight: acts(
    flag,
    'Members keep trackers with a weight; otherwise these are dropped, since the priorities would drift apart',
  ),
  notify_priority_changes: acts(onOff, 'Tell notify scripts of a change of priority too', {
    default: 'off',
  }),
  global_tracking: acts(flag, 'Has no meaning any more: what the group tracks counts for all members', {
    deprecated: { message: 'has no effect', help: 'delete the line', replacement: '' },
  }),
});
