import { type Diagnostic, nearest } from '../../../config-parser/index.ts';
import type { FileModel } from '../../model/index.ts';
import { diagnosticRule } from '../../rule.ts';
import { block, textOf } from './example.ts';
import { textAt } from './source-text.ts';
import { trackOptions } from './track-options.ts';

/** keepalived.conf(5): lists have one entry a line. */
export const multipleValuesPerLine = diagnosticRule({
  name: 'conf/multiple-values-per-line',
  level: 'error',
  summary: 'A second entry on a line of a list is ignored',
  details: `A list has one entry a line. In \`virtual_ipaddress { 192.0.2.10/24 192.0.2.11/24 }\` keepalived takes the second
address for an option of the first, says \`Unknown configuration entry\` and goes on: nobody ever holds 192.0.2.11. The same goes
for trackers and unicast peers. Write every entry on a line of its own.`,
  keepalived: 'reports',
  bad: textOf(
    block('vrrp_instance VI_1', [
      'interface eth0',
      'virtual_router_id 7',
      'virtual_ipaddress { 192.0.2.10/24 192.0.2.11/24 }',
    ]),
  ),
  good: textOf(
    block('vrrp_instance VI_1', [
      'interface eth0',
      'virtual_router_id 7',
      ...block('virtual_ipaddress', ['192.0.2.10/24', '192.0.2.11/24']),
    ]),
  ),
  claims: (diagnostic, file) => isSecondEntry(diagnostic, file),
  levelOf: () => 'error',
  improve: ({ message, help }) => ({
    message: message.replace(
      /^unknown option (".*") of (.*); it is ignored$/,
      '$1 stands on the line of $2: it is taken for an option of that, and ignored',
    ),
    help: help ?? 'write every entry on a line of its own',
  }),
});

/** Where the reader of a list takes a word for an entry of its own it says so. */
function isSecondEntry({ code, subject, help = '', span }: Diagnostic, file: FileModel): boolean {
  if (code === 'extra-words') return subject === undefined;
  if (code !== 'unknown-option' || span === undefined) return false;
  if (help.endsWith('on a line of its own')) return true;
  return help.startsWith('a line names one') && nearest(textAt(file, span), trackOptions) === undefined;
}
