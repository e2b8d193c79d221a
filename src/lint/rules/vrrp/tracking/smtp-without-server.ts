import type { BlockValues, Span } from '../../../../config-parser/index.ts';
import type { FileModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { block, instance, textOf } from './example.ts';

const mail = [
  'smtp_server 192.0.2.25',
  'notification_email_from lb01@example.com',
  ...block('notification_email', ['ops@example.com']),
];

/** keepalived.conf(5): smtp_alert, smtp_server, notification_email. */
export const smtpWithoutServer = fileRule({
  name: 'vrrp/smtp-without-server',
  level: 'warn',
  summary: 'smtp_alert is on and there is nobody to send mail to, or no server to send it by',
  details: `\`smtp_alert\` asks for mail when a state changes. It needs a \`smtp_server\` and at least one address in
\`notification_email\`, both in \`global_defs\`; if one is missing keepalived sends nothing and says nothing, and you learn of
the failover from your users.`,
  keepalived: 'silent',
  bad: textOf(instance('VI_1', ['smtp_alert'])),
  good: textOf(block('global_defs', mail), instance('VI_1', ['smtp_alert'])),
  check: (file, report) => {
    const missing = missingFor(file);
    if (missing.length === 0) return;
    const at = firstAlert(file);
    if (at === undefined) return;
    report({
      at,
      message: `smtp_alert is on and global_defs has no ${missing.join(' and no ')}: no mail will be sent, and nothing will say so`,
      help: `write ${missing.map((word) => `"${word}"`).join(' and ')} into global_defs, or delete this line`,
    });
  },
});

function missingFor({ globals }: FileModel): readonly string[] {
  const hasReceiver = globals.entries('notification_email').length > 0;
  return [
    ...(globals.has('smtp_server') ? [] : ['smtp_server']),
    ...(hasReceiver ? [] : ['notification_email']),
  ];
}

function firstAlert({ globals, instances, syncGroups, virtualServers, words }: FileModel): Span | undefined {
  const general = (['smtp_alert', 'smtp_alert_vrrp', 'smtp_alert_checker'] as const).find((keyword) =>
    globals.value(keyword),
  );
  if (general !== undefined) return globals.last(general)?.heading;
  if (!words.has('smtp_alert')) return undefined;
  const first = alertIn([...instances, ...syncGroups, ...virtualServers]);
  if (first !== undefined) return first;
  for (const { realServers } of virtualServers) {
    const at = alertIn(realServers);
    if (at !== undefined) return at;
  }
  return undefined;
}

function alertIn(blocks: readonly { readonly values: BlockValues }[]): Span | undefined {
  for (const { values } of blocks) {
    // Quick to say no, as it is for nearly all of very many servers.
    if (!values.has('smtp_alert')) continue;
    const alert = values.select((keyword) => keyword === 'smtp_alert').at(-1);
    if (alert?.value === true) return alert.heading;
  }
  return undefined;
}
