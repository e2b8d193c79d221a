import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { strictInstances, strictKeyword, strictNotes } from './strict-mode.ts';

/** keepalived.conf(5): vrrp_strict. RFC 5798 section 5.1.1.2: advertisements go to a multicast group. */
export const strictUnicast = fileRule({
  name: 'vrrp/strict-unicast',
  level: 'error',
  summary: 'Unicast peers in strict mode',
  details: `The RFC knows advertisements to a multicast group only; sending them to peers one by one is keepalived's own
extension. In strict mode keepalived 2.4 refuses it on every interface that can do multicast, as nearly all can, and does
not start; 2.2 went on, so that an upgrade is where it is noticed. Switch strict mode off where peers are needed, as in most
clouds, or delete the peers where multicast works.`,
  keepalived: 'fatal',
  bad: instanceWith('strict_mode', 'unicast_src_ip 192.0.2.1', 'unicast_peer {\n    192.0.2.2\n}'),
  good: instanceWith(),
  check: (file, report) => {
    for (const instance of strictInstances(file)) {
      if (!instance.isUnicast) continue;
      report({
        at: instance.values.last('unicast_peer')?.heading ?? instance.heading,
        message: `strict mode does not allow unicast peers: keepalived 2.4 does not start, unless ${instance.interface ?? 'the interface'} cannot do multicast`,
        help: `delete "${strictKeyword(instance)}", or the peers`,
        notes: strictNotes(instance, file),
      });
    }
  },
});
