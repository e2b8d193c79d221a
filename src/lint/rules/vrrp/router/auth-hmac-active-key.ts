import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { hmacExample } from './hmac-example.ts';

/** keepalived.conf(5): auth_hmac: active_key names the key that signs. */
export const authHmacActiveKey = fileRule({
  name: 'vrrp/auth-hmac-active-key',
  level: 'error',
  summary: 'auth_hmac without an active_key that is one of its keys',
  details: `\`auth_hmac\` may hold several keys so that they can be changed one director at a time, and \`active_key\` says
which of them signs. If it is missing or names none of them, keepalived reports that and switches the whole block off: it
sends unsigned advertisements, and takes them from anybody.`,
  keepalived: 'reports',
  bad: instanceWith(hmacExample('active_key 2')),
  good: instanceWith(),
  check: ({ instances }, report) => {
    for (const instance of instances) {
      const given = instance.values.last('auth_hmac');
      if (given === undefined) continue;
      const active = given.values.value('active_key');
      const ids = given.values.all('key').map(({ value }) => value.id);
      if (active !== undefined && ids.includes(active)) continue;
      const found = active === undefined ? 'auth_hmac has no active_key' : `there is no key ${active}`;
      report({
        at: given.values.spanOf('active_key') ?? given.heading,
        message: `${found}: keepalived switches auth_hmac off, and ${instance.name} sends and accepts unsigned advertisements`,
        help:
          ids.length === 0
            ? 'write a "key", and "active_key" with its number'
            : `write "active_key ${ids[0]}", or the number of another key of the block`,
      });
    }
  },
});
