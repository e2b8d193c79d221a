import { fileRule } from '../../../rule.ts';
import { block, instance, textOf } from './example.ts';

/** keepalived.conf(5): track_interface: the instance's own interface is always tracked. */
export const noTrackInterfaceNeeded = fileRule({
  name: 'vrrp/no-track-interface-needed',
  level: 'info',
  summary: 'An instance tracks its own interface, which it does anyway',
  details: `An instance goes to Fault when its own \`interface\` goes down: without the interface there is nothing to advertise
on. keepalived ignores a \`track_interface\` line for it, also one with a weight, and makes its config test fail over it.
Delete the line; list the other interfaces there that the service needs.`,
  keepalived: 'reports',
  bad: textOf(instance('VI_1', block('track_interface', ['eth0']))),
  good: textOf(instance('VI_1', block('track_interface', ['eth1']))),
  check: ({ instances }, report) => {
    for (const { name, interface: own, tracked, values } of instances) {
      if (own === undefined || values.has('dont_track_primary')) continue;
      for (const { kind, name: device, weight, span } of tracked) {
        if (kind !== 'interface' || device !== own) continue;
        const outcome =
          weight === 0 ? 'the line is ignored' : `the line is ignored, with its weight ${weight}`;
        report({
          at: span,
          message: `${own} is the own interface of ${name}, whose failure is a fault anyway: ${outcome}`,
          help: 'delete the line',
        });
      }
    }
  },
});
