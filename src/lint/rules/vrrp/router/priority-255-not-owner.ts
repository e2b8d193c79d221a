import type { Note } from '../../../../config-parser/index.ts';
import type { InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** RFC 5798 section 5.2.4: 255 is for the router that owns the addresses. */
export const priority255NotOwner = fileRule({
  name: 'vrrp/priority-255-not-owner',
  level: 'warn',
  summary: 'priority 255 is for the owner of the addresses',
  details: `Priority 255 says that the virtual addresses are the director's own and stay on it even without VRRP. That is
rarely so; mostly "highest" was meant, and 254 is that. The owner becomes Master at once whenever it is there,
\`nopreempt\` and \`preempt_delay\` do not hold for it, and weights of trackers are ignored, so that a failing script
cannot move the addresses away. Two directors with 255 fight over them.`,
  keepalived: 'silent',
  bad: instanceWith('priority 255', 'track_interface {\n    eth1 weight -20\n}'),
  good: instanceWith('priority 254', 'track_interface {\n    eth1 weight -20\n}'),
  check: ({ instances }, report) => {
    for (const instance of instances) {
      if (instance.values.value('priority') !== 255) continue;
      const ignored = weightNotes(instance);
      const trackers =
        ignored.length === 0 ? 'no weight of a tracker could' : 'the weights of its trackers do not';
      report({
        at: instance.at('priority'),
        message: `priority 255 makes ${instance.name} the owner of its addresses: it takes them at once whenever it is there, and ${trackers} lower it`,
        help: 'write "priority 254", unless the addresses are configured on this host for good',
        notes: ignored,
      });
    }
  },
});

function weightNotes({ tracked }: InstanceModel): readonly Note[] {
  return tracked
    .filter(({ weight }) => weight !== 0)
    .map(({ kind, name, weight, span }) => ({
      span,
      message: `weight ${weight} of ${kind} ${name} is ignored`,
    }));
}
