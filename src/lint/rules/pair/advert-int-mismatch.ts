import type { InstanceModel } from '../../model/index.ts';
import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';
import { forEachCounterpart } from './match-instances.ts';
import { sentIntervalMs, speakAlike } from './on-the-wire.ts';
import { noteAt, secondsText } from './wording.ts';

/** RFC 3768 section 7.1: an advertisement with another interval is discarded. */
export const advertIntMismatch = pairRule({
  name: 'pair/advert-int-mismatch',
  level: 'error',
  summary: 'Directors advertise at different intervals',
  details: `In VRRP version 2 a router discards every advertisement whose interval is not its own. A Backup whose
\`advert_int\` differs from the Master's therefore hears nobody, and becomes a second Master. In version 3 a Backup takes
the interval over from the Master, so that this is a warning there: how fast a failure is noticed then depends on who was
Master before. Write the same \`advert_int\` on all directors.`,
  keepalived: 'silent',
  bad: directors({}, { lines: ['advert_int 2'] }),
  good: directors({ lines: ['advert_int 1'] }, {}),
  check: (nodes, report) => {
    forEachCounterpart(nodes, (first, second) => {
      const [a, b] = [first.instance, second.instance];
      const [ours, theirs] = [sentIntervalMs(b), sentIntervalMs(a)];
      if (ours === theirs || !speakAlike(a, b)) return;
      report({
        at: b.at('advert_int'),
        level: b.version === 2 ? 'error' : 'warn',
        message: `${b.name} advertises every ${secondsText(ours)} here and every ${secondsText(theirs)} on ${first.node.name}: ${effectOn(b)}`,
        help: 'write the same advert_int on all directors',
        notes: [noteAt(first, second, a.at('advert_int'), `every ${secondsText(theirs)}`)],
      });
    });
  },
});

function effectOn({ version }: InstanceModel): string {
  if (version === 2) return 'each discards what the other sends, and both become Master';
  return 'a Backup takes over the interval of the Master, and a failure is noticed sooner or later depending on who that is';
}
