/** Mistakes that other implementations of VRRP were seen to make. Each is ruled out by a test that has its id in the title. */
import type { Defect } from './requirement.ts';

export const defects: readonly Defect[] = [
  {
    id: 'defect-skew-in-seconds',
    summary: 'Skew_Time is cut to whole seconds: it becomes 0, and all Backups take over together',
  },
  {
    id: 'defect-skew-in-centiseconds',
    summary: 'Skew_Time is rounded to centiseconds: at 10 ms neighbouring priorities take over together',
  },
  {
    id: 'defect-skew-overflow',
    summary: 'The product in Skew_Time overflows 16 bits at long intervals',
  },
  {
    id: 'defect-centiseconds-as-seconds',
    summary: 'An interval in centiseconds is waited for in seconds',
  },
  {
    id: 'defect-seconds-times-ten',
    summary: 'An interval in seconds becomes ten times too few centiseconds',
  },
  {
    id: 'defect-configured-priority',
    summary: 'Timers are computed from the configured priority where the effective one is lower',
  },
  {
    id: 'defect-interval-refused',
    summary: 'Version 3 discards an advertisement with another interval, and a second Master comes up',
  },
  {
    id: 'defect-interval-untold',
    summary:
      'Version 2 discards another interval without counting it, and nobody learns why there are two Masters',
  },
  {
    id: 'defect-startup-promotes',
    summary: 'A startup event in Backup makes a Master at once',
  },
  {
    id: 'defect-zero-at-once',
    summary: 'Priority 0 makes every Backup a Master at once, without Skew_Time',
  },
  {
    id: 'defect-equal-ignored',
    summary: 'Of two Masters with equal priorities neither gives way',
  },
  {
    id: 'defect-text-order',
    summary: 'Addresses are compared as text: 10.0.0.9 beats 10.0.0.10',
  },
  {
    id: 'defect-owner-weight',
    summary: 'Tracking takes the owner below 255, or a Backup to 0 or 255',
  },
  {
    id: 'defect-fixed-ip-header',
    summary: 'The IP header is taken for 20 bytes: options are read as VRRP',
  },
  {
    id: 'defect-stale-packet',
    summary:
      'A packet encoded beforehand is sent with a priority, an address or a list that has changed since',
  },
  {
    id: 'defect-stale-tick',
    summary: 'A timer that was set anew fires all the same',
  },
  {
    id: 'defect-drift',
    summary: 'The next advertisement is counted from a late one: the interval grows',
  },
  {
    id: 'defect-uncounted-drop',
    summary: 'A packet is dropped and no counter says why',
  },
  {
    id: 'defect-strangers-summed',
    summary: 'Packets of other virtual routers count as errors of ours: their checksum before their VRID',
  },
  {
    id: 'defect-storm',
    summary: 'Two Masters answer each other without end',
  },
  {
    id: 'defect-reload-drops',
    summary: 'An edit that does not concern the election makes a Master give its place up',
  },
  {
    id: 'defect-effect-order',
    summary: 'Addresses are announced before they are there, or before the advertisement',
  },
  {
    id: 'defect-gone-at-once',
    summary: 'A Master that leaves removes its addresses before anybody has taken them',
  },
  {
    id: 'defect-half-group',
    summary: 'A sync group has one member Master and one that is not',
  },
];
