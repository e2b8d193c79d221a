import { fileRule } from '../../../rule.ts';
import { tracked } from './example.ts';
import { secondsText, timingOf } from './script-timing.ts';

const slowMs = 30_000;

/** keepalived.conf(5): vrrp_script: interval, fall, timeout. */
export const slowFailureDetection = fileRule({
  name: 'vrrp/slow-failure-detection',
  level: 'info',
  summary: 'A failure is noticed by its script only after more than 30 seconds',
  details: `A failure is believed when a script has failed \`fall\` times in a row. At worst it happens just after a good run, and
the last of the runs hangs until its \`timeout\`: \`interval\` times \`fall\` plus \`timeout\`. VRRP itself needs some three
seconds to replace a director that is dead; a service that is dead should not take ten times as long. Use a shorter interval
first, and a smaller \`fall\` only if single failures are rare.`,
  keepalived: 'silent',
  bad: tracked(['interval 15']),
  good: tracked(['interval 5']),
  check: ({ trackers }, report) => {
    for (const script of trackers.script.values()) {
      const { intervalMs, timeoutMs, fall } = timingOf(script);
      const totalMs = intervalMs * fall + timeoutMs;
      if (totalMs <= slowMs) continue;
      const sum = `${secondsText(intervalMs)} x ${fall} + ${secondsText(timeoutMs)} = ${secondsText(totalMs)}`;
      report({
        at: script.values.spanOf('interval') ?? script.heading,
        message: `${script.value} notices a failure after up to ${sum} (interval x fall + timeout): until then the addresses stay where the service is dead`,
        help: 'write a shorter interval and timeout',
      });
    }
  },
});
