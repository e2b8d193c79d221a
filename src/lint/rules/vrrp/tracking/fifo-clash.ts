import { fileRule } from '../../../rule.ts';
import { block, instance, textOf } from './example.ts';

function fifos(own: string): string {
  const lines = ['notify_fifo /run/holdfast-events.fifo', `vrrp_notify_fifo ${own}`];
  return textOf(block('global_defs', lines), instance('VI_1'));
}

/** keepalived.conf(5): notify_fifo, vrrp_notify_fifo, lvs_notify_fifo. */
export const fifoClash = fileRule({
  name: 'vrrp/fifo-clash',
  level: 'warn',
  summary: 'vrrp_notify_fifo or lvs_notify_fifo is the pipe of notify_fifo too',
  details: `\`notify_fifo\` gets the changes of instances and of servers; \`vrrp_notify_fifo\` and \`lvs_notify_fifo\` get one kind
each. If one of these has the path of the first, keepalived disables it and writes a line to its log; the script that was to
read it is not started. Write another path, or delete the line, since \`notify_fifo\` has everything.`,
  keepalived: 'logs',
  bad: fifos('/run/holdfast-events.fifo'),
  good: fifos('/run/holdfast-vrrp.fifo'),
  check: ({ globals }, report) => {
    const all = globals.last('notify_fifo');
    if (all === undefined) return;
    for (const keyword of ['vrrp_notify_fifo', 'lvs_notify_fifo'] as const) {
      const own = globals.last(keyword);
      if (own === undefined || own.value.path !== all.value.path) continue;
      report({
        at: own.span,
        message: `${own.value.path} is the pipe of notify_fifo already: ${keyword} is disabled, and ${keyword}_script is not started`,
        help: 'write another path, or delete the line',
        notes: [{ span: all.span, message: 'notify_fifo stands here' }],
      });
    }
  },
});
