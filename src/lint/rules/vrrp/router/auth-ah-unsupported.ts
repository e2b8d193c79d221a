import { diagnosticRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** RFC 2338 section 5.3.6.3: IP Authentication Header. Not spoken here. */
export const authAhUnsupported = diagnosticRule({
  name: 'vrrp/auth-ah-unsupported',
  level: 'error',
  summary: 'auth_type AH, which holdfast does not speak',
  details: `With \`auth_type AH\` advertisements travel inside an IP Authentication Header, protocol 51 with HMAC-MD5.
keepalived speaks it, holdfast does not. Going on without it would make a second Master, since keepalived on the other
director drops what has no header, so holdfast refuses to start. Move all directors to \`auth_type PASS\`, or to no
authentication and a network of their own, before one of them runs holdfast.`,
  keepalived: 'silent',
  bad: instanceWith('authentication {\n    auth_type AH\n    auth_pass example\n}'),
  good: instanceWith('authentication {\n    auth_type PASS\n    auth_pass example\n}'),
  claims: ({ code }) => code === 'unsupported-authentication',
  improve: () => ({
    message:
      'holdfast does not speak auth_type AH and does not start with it: it would become a second Master beside a director that does',
    help: 'write "auth_type PASS" on all directors at once, and reload them together',
  }),
});
