import { diagnosticRule } from '../../../rule.ts';
import { roundedInterval, roundInterval, writeInterval } from './advert-interval.ts';
import { instanceWith } from './example.ts';

/** RFC 3768 section 5.3.7: whole seconds, in one byte. */
const steps = { stepMs: 1000, longestMs: 255_000 };

export const advertIntV2Fraction = diagnosticRule({
  name: 'vrrp/advert-int-v2-fraction',
  level: 'error',
  summary: 'advert_int is not whole seconds in VRRP version 2',
  details: `Version 2 has one byte for the interval, in whole seconds. keepalived reports a fraction and rounds it, so that
\`0.5\` becomes 1 and a takeover takes about 3.6 seconds where 1.8 were planned. And a version 2 router drops every
advertisement whose interval is not its own: with another interval on the other director both become Master. For less
than a second write \`version 3\` on all directors; it counts in hundredths.`,
  keepalived: 'reports',
  bad: instanceWith('advert_int 0.5'),
  good: instanceWith('version 3', 'advert_int 0.5'),
  claims: (diagnostic, file) => roundedInterval(file, diagnostic, 2) !== undefined,
  improve: (diagnostic, file) => {
    const instance = roundedInterval(file, diagnostic, 2);
    if (instance === undefined) return {};
    const givenMs = instance.advertIntervalMs;
    const usedMs = roundInterval(givenMs, steps);
    const times = instance.downTimerAdverts;
    return {
      message: `VRRP version 2 counts in whole seconds, found "${givenMs / 1000}"; ${usedMs / 1000} is used, and a takeover takes more than ${times} * ${usedMs / 1000} = ${(times * usedMs) / 1000} s, not ${(times * givenMs) / 1000}`,
      help: 'write whole seconds, or "version 3" on all directors',
      fix: writeInterval(instance, usedMs),
    };
  },
});
