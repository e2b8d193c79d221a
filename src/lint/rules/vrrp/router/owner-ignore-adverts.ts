import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** keepalived.conf(5): owner_ignore_adverts. */
export const ownerIgnoreAdverts = fileRule({
  name: 'vrrp/owner-ignore-adverts',
  level: 'error',
  summary: 'owner_ignore_adverts that does not fit the priority',
  details: `\`owner_ignore_adverts\` lets the owner of the addresses, priority 255, pay no attention to other Masters. With
another priority there is no owner and keepalived reports the line and ignores it: the director yields to a higher
priority as always. \`owner_ignore_adverts off\` with priority 255 is reported too, and set on again.`,
  keepalived: 'reports',
  bad: instanceWith('priority 150', 'owner_ignore_adverts'),
  good: instanceWith('priority 150'),
  check: ({ instances }, report) => {
    for (const { name, values, isOwner, priority } of instances) {
      const given = values.last('owner_ignore_adverts');
      if (given === undefined || given.value === isOwner) continue;
      // Switched off where it can do nothing in any case.
      if (!isOwner && !given.value) continue;
      const message = isOwner
        ? `owner_ignore_adverts is on with priority 255 whatever the line says: ${name} pays no attention to another Master`
        : `owner_ignore_adverts is for priority 255 and ${name} has ${priority}: it is ignored, and a higher priority wins`;
      report({ at: given.heading, message, help: 'delete the line' });
    }
  },
});
