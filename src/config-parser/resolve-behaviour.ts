/** keepalived.conf(5): what an instance does as Master and as Backup, apart from preemption. */
import type { VrrpInstanceConfig } from './config.ts';
import { type InstanceContext, reportPart } from './resolve-context.ts';
import { completeGarp, resolveGarp } from './resolve-garp.ts';
import type { VrrpDefaults } from './resolve-global-defs.ts';

export interface BehaviourFacts {
  readonly version: 2 | 3;
  readonly priority: number;
  readonly preempt: boolean;
  readonly isStrict: boolean;
}

export type Behaviour = Pick<
  VrrpInstanceConfig,
  | 'acceptMode'
  | 'downTimerAdverts'
  | 'gratuitousArp'
  | 'lowerPrioNoAdvert'
  | 'higherPrioSendAdvert'
  | 'ownerIgnoreAdverts'
  | 'timerExpiredBackup'
  | 'skipCheckAdvAddr'
  | 'dontTrackPrimary'
>;

export function resolveBehaviour(
  context: InstanceContext,
  facts: BehaviourFacts,
  defaults: VrrpDefaults,
): Behaviour {
  const { values } = context;
  const timerExpiredBackup = resolveTimerExpired(context, facts);
  return {
    acceptMode: resolveAccept(context, facts),
    downTimerAdverts: values.value('down_timer_adverts') ?? defaults.downTimerAdverts,
    gratuitousArp: resolveGratuitousArp(context, defaults),
    lowerPrioNoAdvert: values.value('lower_prio_no_advert') ?? defaults.lowerPrioNoAdvert,
    higherPrioSendAdvert: values.value('higher_prio_send_advert') ?? defaults.higherPrioSendAdvert,
    ownerIgnoreAdverts: resolveOwnerIgnores(context, facts, defaults),
    ...(timerExpiredBackup !== undefined && { timerExpiredBackup }),
    skipCheckAdvAddr: resolveSkipCheck(context) ?? defaults.skipCheckAdvAddr,
    dontTrackPrimary: values.has('dont_track_primary'),
  };
}

function resolveGratuitousArp(context: InstanceContext, defaults: VrrpDefaults) {
  const { values } = context;
  return completeGarp(
    resolveGarp(
      {
        masterDelay: values.last('garp_master_delay'),
        masterRepeat: values.last('garp_master_repeat'),
        masterRefresh: values.last('garp_master_refresh'),
        masterRefreshRepeat: values.last('garp_master_refresh_repeat'),
        lowerPrioDelay: values.last('garp_lower_prio_delay'),
        lowerPrioRepeat: values.last('garp_lower_prio_repeat'),
        extraInterface: values.last('garp_extra_if'),
      },
      defaults.garp,
      context,
    ),
  );
}

/** RFC 5798 section 6.1: Accept_Mode, which is off unless told otherwise; keepalived's is on, save in strict mode. */
function resolveAccept({ values }: InstanceContext, facts: BehaviourFacts): boolean {
  // RFC 5798 section 6.4.3: the owner accepts in any case.
  if (facts.priority === 255) return true;
  const on = values.last('accept');
  const off = values.last('no_accept');
  const isOn = on !== undefined && (off === undefined || on.order > off.order);
  if (facts.isStrict) return isOn && facts.version === 3;
  return isOn || off === undefined;
}

/** keepalived.conf(5): owner_ignore_adverts. With priority 255, "off" is set on again, as keepalived does it. */
function resolveOwnerIgnores(
  context: InstanceContext,
  { priority, isStrict }: BehaviourFacts,
  defaults: VrrpDefaults,
): boolean {
  const given = context.values.last('owner_ignore_adverts');
  if (priority !== 255) {
    if (given?.value === true) {
      const message = `owner_ignore_adverts is for priority 255, found priority ${priority}; it is ignored`;
      reportPart(context, 'error', 'owner-ignore-adverts', message, given.heading);
    }
    return false;
  }
  if (given?.value === false) {
    const message = 'owner_ignore_adverts cannot be switched off with priority 255; it is on';
    reportPart(context, 'error', 'owner-ignore-adverts', message, given.heading, 'delete the line');
  }
  return given !== undefined || isStrict || defaults.ownerIgnoreAdverts;
}

function resolveTimerExpired(context: InstanceContext, { preempt }: BehaviourFacts): number | undefined {
  const given = context.values.last('timer_expired_backup');
  if (given === undefined || !preempt) return given?.value;
  const message = 'timer_expired_backup needs nopreempt; it is ignored';
  const help = 'write "nopreempt" as well, with "state BACKUP"';
  reportPart(context, 'error', 'timer-expired-backup', message, given.heading, help);
  return undefined;
}

/** keepalived switches it on whatever the word; files in use may depend on it. */
function resolveSkipCheck(context: InstanceContext): boolean | undefined {
  const given = context.values.value('skip_check_adv_addr');
  if (given !== false) return given;
  const message =
    '"skip_check_adv_addr" is switched on even by "off" in a vrrp_instance, as keepalived does it';
  const span = context.values.spanOf('skip_check_adv_addr');
  reportPart(context, 'warning', 'flag-with-argument', message, span, 'delete the line to switch it off');
  return true;
}
