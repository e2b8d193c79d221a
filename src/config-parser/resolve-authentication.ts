/** keepalived.conf(5): authentication. RFC 2338 section 5.3.6: simple password, or IP Authentication Header. */
import type { Authentication } from './config.ts';
import { type InstanceContext, reportPart } from './resolve-context.ts';
import { headingSpan } from './tree.ts';

export function resolveAuthentication(
  context: InstanceContext,
  { version, isStrict }: { readonly version: 2 | 3; readonly isStrict: boolean },
): Authentication {
  const given = context.values.last('authentication');
  // What both together mean is said of auth_hmac.
  if (given === undefined || context.values.has('auth_hmac')) return { type: 'none' };
  // RFC 5798 section 1.4 took it away; keepalived ignores the block.
  if (version === 3 || isStrict) {
    const code = version === 3 ? 'authentication-ignored' : 'auth-in-strict';
    const who = version === 3 ? 'VRRP version 3 has no' : 'strict mode does not allow';
    const message = `${who} authentication; the block is ignored`;
    reportPart(context, 'error', code, message, headingSpan(given.statement));
    return { type: 'none' };
  }
  const { values } = given;
  const type = values.value('auth_type');
  const password = values.value('auth_pass');
  if (type !== undefined && password !== undefined) {
    return type === 'AH' ? { type, key: password } : { type, password };
  }
  const message =
    type === undefined
      ? 'authentication needs auth_type and auth_pass; without auth_type the block is ignored'
      : `auth_type ${type} needs auth_pass; without it the block is ignored`;
  const severity = type === undefined ? 'warning' : 'error';
  reportPart(context, severity, 'authentication-ignored', message, headingSpan(given.statement));
  return { type: 'none' };
}
