import { fileRule } from '../../../rule.ts';
import { block, instance, textOf } from './example.ts';

function delays(line: string): string {
  return textOf(block('interface_up_down_delays', [line]), instance('VI_1'));
}

/** keepalived.conf(5): interface_up_down_delays, where the page and the program differ. */
export const interfaceUpDelayZero = fileRule({
  name: 'vrrp/interface-up-delay-zero',
  level: 'info',
  summary: 'An interface has a delay for going down and none for coming up',
  details: `The first number says how long an interface must be down before that counts, the second how long it must be up
again. The manual page says that the second equals the first where it is missing; the program takes 0. An interface that comes
and goes is then believed at once each time it comes. Write both numbers.`,
  keepalived: 'silent',
  bad: delays('eth0 1.5'),
  good: delays('eth0 1.5 1.5'),
  check: ({ root }, report) => {
    for (const { value, heading } of root.entries('interface_up_down_delays')) {
      const { interface: name, downDelayMs, upDelayMs } = value;
      if (upDelayMs !== undefined || downDelayMs === 0) continue;
      const seconds = downDelayMs / 1000;
      report({
        at: heading,
        message: `${name} must be down for ${seconds} s before that counts, and up for 0 s: without a second number it is believed as soon as it comes back`,
        help: `write both numbers, such as "${name} ${seconds} ${seconds}"`,
      });
    }
  },
});
