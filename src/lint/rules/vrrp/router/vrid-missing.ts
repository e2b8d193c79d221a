import { diagnosticRule } from '../../../rule.ts';
import { instanceOf, instanceWith } from './example.ts';

/** keepalived.conf(5): virtual_router_id has no default. */
export const vridMissing = diagnosticRule({
  name: 'vrrp/vrid-missing',
  level: 'error',
  summary: 'A vrrp_instance has no virtual_router_id',
  details: `The VRID is what the routers of one group recognise each other by; it stands in every advertisement and there is
no default for it. Without one keepalived ends at the start, and with it every other instance and virtual server of the
file. Write a number from 1 to 255 that no other group on the same network uses, and the same one on all directors of
this group.`,
  keepalived: 'fatal',
  bad: instanceOf('VI_1', ['interface eth0']),
  good: instanceWith(),
  claims: ({ code, subject }) => code === 'missing-keyword' && subject?.keyword === 'virtual_router_id',
  improve: ({ message }) => ({
    message: `${message}, and there is no default: the whole configuration is refused at the start`,
    help: 'write "virtual_router_id" with a number from 1 to 255, the same on all directors of this group',
  }),
});
