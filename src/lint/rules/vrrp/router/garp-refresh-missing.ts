import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { countOf, furtherPlaces } from './further-places.ts';

/** keepalived.conf(5): garp_master_refresh, 0 where nothing is said. */
export const garpRefreshMissing = fileRule({
  name: 'vrrp/garp-refresh-missing',
  level: 'info',
  summary: 'No garp_master_refresh: gratuitous ARPs are sent at the takeover only',
  details: `A new Master tells switches, routers and hosts with gratuitous ARPs where the addresses are now: one burst at
once, one after five seconds, and then never again. Whoever missed them, because a link was still coming up or because two
Masters spoke at the same time, goes on sending to the wrong director until its own table forgets, which can take hours.
\`garp_master_refresh 60\` repeats them each minute, for the price of one packet an address. With IPv6 the same holds for
neighbour advertisements.`,
  keepalived: 'silent',
  bad: instanceWith(),
  good: instanceWith('garp_master_refresh 60'),
  check: ({ instances, globals }, report) => {
    // Whoever wrote one of these has thought of it, also where it is 0.
    if (globals.has('vrrp_garp_master_refresh') || globals.value('vrrp_min_garp') === true) return;
    const without = instances.filter(({ values }) => !values.has('garp_master_refresh'));
    const [first] = without;
    if (first === undefined) return;
    report({
      at: first.heading,
      message: `no garp_master_refresh${countOf(without)}: whoever misses the gratuitous ARPs of a takeover sends to the old Master until its own table forgets`,
      help: 'write "vrrp_garp_master_refresh 60" in global_defs',
      notes: furtherPlaces(without, ({ heading }) => heading),
    });
  },
});
