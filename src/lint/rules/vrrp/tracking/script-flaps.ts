import { fileRule } from '../../../rule.ts';
import { Places } from '../../lvs/places.ts';
import { block, instance, scriptGlobals, textOf, tracked } from './example.ts';
import { timingOf } from './script-timing.ts';

/** keepalived.conf(5): vrrp_script: rise, fall. */
export const scriptFlaps = fileRule({
  name: 'vrrp/script-flaps',
  level: 'info',
  summary: 'A script counts as failed after one bad run and as good after one good run',
  details: `\`fall\` says how many runs in a row must fail before the script counts as failed, and \`rise\` how many must succeed
before it is good again. Both are 1 where nothing is said: a single slow answer moves the addresses, the next good one moves
them back, and each move costs clients their packets for a moment. \`fall 2\` with a short interval costs little time, and a
higher \`rise\` keeps a service that comes and goes from taking the addresses with it.`,
  keepalived: 'silent',
  bad: textOf(
    scriptGlobals,
    block('vrrp_script chk_web', ['script "/usr/local/bin/check-web"']),
    instance('VI_1', block('track_script', ['chk_web'])),
  ),
  good: tracked([]),
  check: ({ trackers }, report) => {
    const nervous = [...trackers.script.values()].filter((script) => {
      const { rise, fall } = timingOf(script);
      return rise === 1 && fall === 1;
    });
    const [first] = nervous;
    if (first === undefined) return;
    const places = new Places();
    for (const script of nervous) places.add(script);
    report({
      at: first.values.spanOf('fall') ?? first.values.spanOf('rise') ?? first.heading,
      message: `with fall 1 and rise 1, one bad run of ${first.value} is a failure and one good run ends it: the addresses may go to and fro`,
      help: 'write "fall 2" and "rise 2", or more',
      notes: places.notes,
    });
  },
});
