import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { hmacExample } from './hmac-example.ts';
import { strictInstances, strictNotes } from './strict-mode.ts';

/** keepalived.conf(5): auth_hmac: mode; vrrp_strict. */
export const authHmacStrictMode = fileRule({
  name: 'vrrp/auth-hmac-strict-mode',
  level: 'error',
  summary: 'auth_hmac in strict mode with a mode other than enforce',
  details: `\`mode permissive\` and \`mode receive-only\` are steps on the way to signed advertisements: unsigned ones still
pass. Strict mode allows no such step; keepalived reports the line and runs \`enforce\`, so that a director that does not
sign yet is not heard any more and becomes Master too. Leave strict mode off until all of them sign.`,
  keepalived: 'reports',
  bad: instanceWith('strict_mode', hmacExample('active_key 1', 'mode permissive')),
  good: instanceWith(),
  check: (file, report) => {
    for (const instance of strictInstances(file)) {
      const given = instance.values.last('auth_hmac')?.values;
      const mode = given?.value('mode');
      if (given === undefined || mode === undefined || mode === 'enforce') continue;
      report({
        at: given.spanOf('mode'),
        message: `strict mode makes "mode enforce" of "mode ${mode}": ${instance.name} no longer hears a director that does not sign yet`,
        help: 'write "mode enforce" once all directors sign, and switch strict mode off until then',
        notes: strictNotes(instance, file),
      });
    }
  },
});
