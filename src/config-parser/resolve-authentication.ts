/** keepalived.conf(5): authentication. RFC 2338 section 5.3.6: simple password; IP AH is not spoken here. */
import type { Authentication } from './config.ts';
import { type InstanceContext, reportPart } from './resolve-context.ts';
import { headingSpan } from './tree.ts';

export function resolveAuthentication(context: InstanceContext): Authentication {
  const given = context.values.last('authentication');
  if (given === undefined) return { type: 'none' };
  const { values } = given;
  const type = values.value('auth_type');
  const password = values.value('auth_pass');
  if (type === 'AH') return refuseHeader(context, values.spanOf('auth_type'));
  if (type === 'PASS' && password !== undefined) return { type: 'PASS', password };
  const message =
    type === undefined
      ? 'authentication needs auth_type and auth_pass; without auth_type the block is ignored'
      : 'auth_type PASS needs auth_pass; without it the block is ignored';
  reportPart(
    context,
    type === undefined ? 'warning' : 'error',
    'authentication-ignored',
    message,
    headingSpan(given.statement),
  );
  return { type: 'none' };
}

/** Going on without it would make a second Master: the other routers drop what is not authenticated, and we would not. */
function refuseHeader(context: InstanceContext, span = context.given.heading): Authentication {
  const message = 'auth_type AH is not supported, found in an instance that needs it to agree with its peers';
  const help = 'write "auth_type PASS" on all routers, or use VRRP version 3 without authentication';
  reportPart(context, 'fatal', 'unsupported-authentication', message, span, help);
  return { type: 'none' };
}
