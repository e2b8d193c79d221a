import type { Diagnostic } from '../../../config-parser/index.ts';
import { diagnosticRule } from '../../rule.ts';
import { block, instance, textOf } from './example.ts';

/** By block and keyword: what the operator gets, and what to do. */
const ineffective: Readonly<Record<string, { readonly message: string; readonly help: string }>> = {
  'global_defs stats_dump_file': {
    message:
      '"stats_dump_file" is read and not used: keepalived writes its statistics to /tmp/keepalived.stats all the same',
    help: 'delete the line, and look for the file there',
  },
  'global_defs json_dump_file': {
    message:
      '"json_dump_file" is read and not used: keepalived writes its state to /tmp/keepalived.json all the same',
    help: 'delete the line, and look for the file there',
  },
  'vrrp_instance linkbeat_use_polling': {
    message: '"linkbeat_use_polling" has no effect inside of an instance: links are not polled',
    help: 'list the interfaces in "linkbeat_interfaces { }" outside of all blocks',
  },
  'virtual_server hashed': {
    message: '"hashed" has no effect: the kernel keeps every service in a hash table anyway',
    help: 'delete the line',
  },
};

const lines = ['skip_check_adv_addr off'];

/** keepalived.conf(5): keywords that are accepted and change nothing. */
export const ineffectiveOption = diagnosticRule({
  name: 'conf/ineffective-option',
  level: 'warn',
  summary: 'A keyword is accepted and changes nothing, or does the opposite',
  details: `keepalived accepts some lines without a word and does not do what they say: \`stats_dump_file\` and
\`json_dump_file\` are read and the usual paths stay in use, \`linkbeat_use_polling\` counts only outside of instances, \`hashed\`
says what is so anyway, and \`skip_check_adv_addr\` in an instance is switched on by any word, \`off\` too. Delete such a line, or
write what was meant in the place that counts.`,
  keepalived: 'silent',
  bad: textOf(instance('VI_1', lines)),
  good: textOf(block('global_defs', ['vrrp_skip_check_adv_addr off']), instance('VI_1')),
  claims: (diagnostic) => isSwitchedOn(diagnostic) || entryOf(diagnostic) !== undefined,
  levelOf: () => 'warn',
  improve: (diagnostic) => {
    if (isSwitchedOn(diagnostic)) {
      return {
        message:
          'skip_check_adv_addr is switched on by any word, "off" too: the addresses in an advertisement are compared only when the Master changes',
        help: 'delete the line to switch it off, and see that vrrp_skip_check_adv_addr is not set in global_defs',
      };
    }
    return { ...entryOf(diagnostic), notes: [] };
  },
});

/** These words do nothing in any release. */
export function isIneffective(block: string, keyword: string): boolean {
  return Object.hasOwn(ineffective, `${block} ${keyword}`);
}

function isSwitchedOn({ code, message }: Diagnostic): boolean {
  return code === 'flag-with-argument' && message.startsWith('"skip_check_adv_addr"');
}

function entryOf({ code, subject }: Diagnostic) {
  if (code !== 'deprecated-keyword' && code !== 'not-acted-on') return undefined;
  return subject && ineffective[`${subject.block} ${subject.keyword}`];
}
