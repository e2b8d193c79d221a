import type { FileModel, InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { countOf, furtherPlaces } from './further-places.ts';

/** An interval below this is short. */
const shortMs = 1000;

/** RFC 5798 section 6.1: Master_Down_Interval; keepalived.conf(5): preempt_delay, vrrp_startup_delay. */
export const shortAdvertWithPreemptDelayMissing = fileRule({
  name: 'vrrp/short-advert-with-preempt-delay-missing',
  level: 'info',
  summary: 'A short advert_int, and nothing that holds a director back after its start',
  details: `A director that comes back takes the addresses from one of lower priority as soon as its Master_Down_Interval is
over, \`down_timer_adverts * advert_int\` and the skew. With an interval of less than a second that is before switch ports
forward and before its own services are up, so that clients are cut off twice for one failure. \`preempt_delay\` makes it
wait before it takes over, \`vrrp_startup_delay\` before it starts at all, and \`nopreempt\` leaves the Master in place.`,
  keepalived: 'silent',
  bad: instanceWith('version 3', 'advert_int 0.1'),
  good: instanceWith('version 3', 'advert_int 0.1', 'preempt_delay 60'),
  check: (file, report) => {
    if (holdsBack(file)) return;
    const hasty = file.instances.filter(isHasty);
    const [first] = hasty;
    if (first === undefined) return;
    const { name, advertIntervalMs, downTimerAdverts } = first;
    report({
      at: first.at('advert_int'),
      message: `${name} takes the addresses ${downText(first)} s after its start (${downTimerAdverts} * ${advertIntervalMs / 1000} s and the skew), before switch ports and services are ready${countOf(hasty)}`,
      help: 'write "preempt_delay 60" with "state BACKUP", or "vrrp_startup_delay 10" in global_defs',
      notes: furtherPlaces(hasty, (instance) => instance.at('advert_int')),
    });
  },
});

function holdsBack({ globals }: FileModel): boolean {
  return globals.has('vrrp_startup_delay') || globals.has('vrrp_delay_after_boot');
}

function isHasty({ advertIntervalMs, version, isOwner, values }: InstanceModel): boolean {
  // Version 2 makes a second of it.
  if (advertIntervalMs >= shortMs || version === 2 || isOwner) return false;
  return !values.has('nopreempt') && !values.has('preempt_delay');
}

function downText({ downTimerAdverts, advertIntervalMs, priority }: InstanceModel): string {
  const skewTimeMs = ((256 - priority) * advertIntervalMs) / 256;
  return ((downTimerAdverts * advertIntervalMs + skewTimeMs) / 1000).toFixed(2);
}
