import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { strictInstances, strictKeyword, strictNotes } from './strict-mode.ts';

/** RFC 5798 section 6.1: Master_Down_Interval is three advertisements and Skew_Time. */
const adverts = 3;

export const strictDownTimerAdverts = fileRule({
  name: 'vrrp/strict-down-timer-adverts',
  level: 'error',
  summary: 'down_timer_adverts other than 3 in strict mode',
  details: `A Backup takes over when it has missed three advertisements; that number is the RFC's, and another one is
keepalived's own addition. In strict mode keepalived reports \`down_timer_adverts\` and goes back to 3, so that the time to
a takeover is not the one that was planned.`,
  keepalived: 'reports',
  bad: instanceWith('strict_mode', 'down_timer_adverts 10'),
  good: instanceWith('down_timer_adverts 10'),
  check: (file, report) => {
    for (const instance of strictInstances(file)) {
      const given =
        instance.values.last('down_timer_adverts') ?? file.globals.last('vrrp_down_timer_adverts');
      if (given === undefined || given.value === adverts) continue;
      const { advertIntervalMs } = instance;
      report({
        at: given.span,
        message: `strict mode sets down_timer_adverts back to 3: ${instance.name} takes over about ${seconds(adverts * advertIntervalMs)} after the Master fell silent, not ${seconds(given.value * advertIntervalMs)}`,
        help: `delete the line, or "${strictKeyword(instance)}"`,
        notes: strictNotes(instance, file),
      });
    }
  },
});

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
