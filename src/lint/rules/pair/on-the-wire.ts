/** What of an instance the other routers get to see, after keepalived's corrections. */
import type { FileModel, InstanceModel } from '../../model/index.ts';

/** Version 2 sends whole seconds, and version 3 hundredths: keepalived rounds to them. */
export function sentIntervalMs({ advertIntervalMs, version }: InstanceModel): number {
  const unitMs = version === 2 ? 1000 : 10;
  return Math.max(1, Math.round(advertIntervalMs / unitMs)) * unitMs;
}

export interface Authentication {
  readonly type: 'none' | 'PASS' | 'AH';
  readonly password: string;
}

/** Version 3 and strict mode have none, and without a password there is none. */
export function authenticationOf(instance: InstanceModel): Authentication {
  const values = instance.values.last('authentication')?.values;
  const password = values?.value('auth_pass');
  if (password === undefined || instance.version === 3 || instance.isStrict)
    return { type: 'none', password: '' };
  return { type: values?.value('auth_type') ?? 'PASS', password };
}

/** Where advertisements go when they do not go to peers. */
export function multicastGroupOf({ globals }: FileModel, { values, family }: InstanceModel): string {
  const own = values.value('mcast_dst_ip');
  if (own !== undefined) return own;
  return family === 4
    ? (globals.value('vrrp_mcast_group4') ?? '224.0.0.18')
    : (globals.value('vrrp_mcast_group6') ?? 'ff02::12');
}

/** Both get each other's advertisements as far as the files say: what they say about them is worth comparing. */
export function speakAlike(a: InstanceModel, b: InstanceModel): boolean {
  return a.family === b.family && a.version === b.version;
}
