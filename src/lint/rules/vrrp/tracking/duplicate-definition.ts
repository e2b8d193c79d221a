import { diagnosticRule } from '../../../rule.ts';
import { block, instance, script, scriptGlobals, textOf } from './example.ts';

const tracks = instance('VI_1', block('track_script', ['chk_web']));

/** keepalived.conf(5): vrrp_script, track_file, vrrp_track_process, bfd_instance, vrrp_sync_group, track_group. */
export const duplicateDefinition = diagnosticRule({
  name: 'vrrp/duplicate-definition',
  level: 'error',
  summary: 'Two trackers or two groups have one name, and the second is ignored',
  details: `Instances refer to what they track, and to their groups, by name, so that a name can stand for one thing only.
The first block counts. keepalived reports a second \`bfd_instance\`, \`vrrp_sync_group\` or \`track_group\`, and says nothing
of a second \`vrrp_script\`, \`track_file\` or \`vrrp_track_process\`: its command, weight and limits are never used. This is
mostly a block that was copied, or an include that is read twice.`,
  keepalived: 'silent',
  bad: textOf(scriptGlobals, script(), script(['weight -20']), tracks),
  good: textOf(scriptGlobals, script(['weight -20']), tracks),
  claims: ({ code }) => code === 'duplicate-name',
  improve: ({ message }) => ({
    message: `${message}, with all that it says`,
    help: 'give it a name of its own, or delete one of the two',
  }),
});
