import { diagnosticRule } from '../../../rule.ts';
import { roundedInterval, roundInterval, writeInterval } from './advert-interval.ts';
import { instanceWith } from './example.ts';

/** RFC 5798 section 5.2.7: 12 bits of hundredths of a second. */
const steps = { stepMs: 10, longestMs: 40_950 };

export const advertIntV3Step = diagnosticRule({
  name: 'vrrp/advert-int-v3-step',
  level: 'error',
  summary: 'advert_int is not hundredths of a second up to 40.95 in VRRP version 3',
  details: `Version 3 has 12 bits for the interval, in hundredths of a second: 0.01 to 40.95. keepalived reports what lies
between the steps or above them and uses another interval. A Backup of version 3 takes over the interval of its Master, so
that the time to a takeover changes with it on all directors.`,
  keepalived: 'reports',
  bad: instanceWith('version 3', 'advert_int 60'),
  good: instanceWith('version 3', 'advert_int 40.95'),
  claims: (diagnostic, file) => roundedInterval(file, diagnostic, 3) !== undefined,
  improve: (diagnostic, file) => {
    const instance = roundedInterval(file, diagnostic, 3);
    if (instance === undefined) return {};
    const givenMs = instance.advertIntervalMs;
    const usedMs = roundInterval(givenMs, steps);
    return {
      message: `VRRP version 3 counts in hundredths of a second up to 40.95, found "${givenMs / 1000}"; ${usedMs / 1000} is used`,
      help: `write "advert_int ${usedMs / 1000}", or another number that it can count`,
      fix: writeInterval(instance, usedMs),
    };
  },
});
