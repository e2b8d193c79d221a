import type { FileModel, InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { block, instanceWith } from './example.ts';

const delays = (line: string): string => `${block('interface_up_down_delays', [line])}\n${instanceWith()}`;

/** keepalived.conf(5): interface_up_down_delays. */
export const debounceTooLong = fileRule({
  name: 'vrrp/debounce-too-long',
  level: 'warn',
  summary: 'A delay of an interface is longer than VRRP waits',
  details: `\`interface_up_down_delays\` keeps a short loss of the link from being noticed. If it lasts as long as a Backup
waits less one advertisement, the other director has taken over before this one knows that it is cut off, and keepalived
sets the delay to 0: every flicker of the link is a fault then. Only the log of the running daemon says so. Stay below
(down_timer_adverts - 1) * advert_int.`,
  keepalived: 'logs',
  bad: delays('eth0 5'),
  good: delays('eth0 1.5'),
  check: (file, report) => {
    for (const delay of interfaceDelays(file)) {
      const instance = shortest(file.instances.filter((one) => one.interface === delay.interface));
      if (instance === undefined) continue;
      const limitMs = limitOf(instance);
      if (delay.longestMs < limitMs) continue;
      const { name, downTimerAdverts, advertIntervalMs } = instance;
      report({
        at: delay.span,
        message: `${delay.longestMs / 1000} s is not below (${downTimerAdverts} - 1) * ${advertIntervalMs / 1000} = ${limitMs / 1000} s, so that keepalived sets it to 0 for ${name} and every flicker of ${delay.interface} is a fault`,
        help: `write less than ${limitMs / 1000}`,
        notes: [{ span: instance.heading, message: `${name} is on ${delay.interface}` }],
      });
    }
  },
});

function interfaceDelays({ root }: FileModel) {
  return root.entries('interface_up_down_delays').map(({ value, span }) => ({
    interface: value.interface,
    longestMs: Math.max(value.downDelayMs, value.upDelayMs ?? 0),
    span,
  }));
}

function limitOf({ downTimerAdverts, advertIntervalMs }: InstanceModel): number {
  return (downTimerAdverts - 1) * advertIntervalMs;
}

function shortest(instances: readonly InstanceModel[]): InstanceModel | undefined {
  return instances.toSorted((a, b) => limitOf(a) - limitOf(b))[0];
}
