import { fileRule } from '../../../rule.ts';
import { tracked } from './example.ts';
import { secondsText, timingOf } from './script-timing.ts';

/** keepalived.conf(5): vrrp_script: interval, timeout. */
export const scriptSlowerThanInterval = fileRule({
  name: 'vrrp/script-slower-than-interval',
  level: 'warn',
  summary: 'A script may run for longer than the time to its next run',
  details: `A script is started every \`interval\` and killed after \`timeout\`. While a run is still going on, the next ones are
skipped, so a script that hangs is not judged every \`interval\` but every \`timeout\`: that, times \`fall\`, is what detecting the
failure takes. Make the timeout no longer than the interval (it is as long where none is written), or write an interval that
says what really happens.`,
  keepalived: 'silent',
  bad: tracked(['interval 2', 'timeout 9']),
  good: tracked(['interval 2', 'timeout 2']),
  check: ({ trackers }, report) => {
    for (const script of trackers.script.values()) {
      const { intervalMs, timeoutMs, fall } = timingOf(script);
      if (timeoutMs <= intervalMs) continue;
      const turns = Math.ceil(timeoutMs / intervalMs);
      const skipped = turns - 1;
      const each = turns * intervalMs;
      report({
        at: script.values.spanOf('timeout') ?? script.heading,
        message: `a run of ${script.value} may take ${secondsText(timeoutMs)} and the next is due after ${secondsText(intervalMs)}: when it hangs, ${skipped} ${skipped === 1 ? 'run is' : 'runs are'} skipped each time and it counts as failed after ${fall} x ${secondsText(each)} = ${secondsText(fall * each)}, not ${secondsText(fall * intervalMs)}`,
        help: `write a timeout of ${intervalMs / 1000} or less, or an interval of ${timeoutMs / 1000} or more`,
      });
    }
  },
});
