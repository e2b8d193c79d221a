/** The lines of a file that name a command to run, found in one walk that asks no table. */
import { BlockValues, type Given } from '../../../config-parser/index.ts';
import type { FileModel } from '../../model/index.ts';

export type Statement = Given['statement'];

/** keepalived.conf(5): what is split into words as a shell would; `misc_path` has a rule of its own. */
const keywords: ReadonlySet<string> = new Set([
  'script',
  'notify',
  'notify_master',
  'notify_backup',
  'notify_fault',
  'notify_stop',
  'notify_deleted',
  'notify_master_rx_lower_pri',
  'notify_up',
  'notify_down',
  'quorum_up',
  'quorum_down',
  'startup_script',
  'shutdown_script',
  'notify_fifo_script',
  'vrrp_notify_fifo_script',
  'lvs_notify_fifo_script',
]);

/** In the order of the file. */
export function commandLines({ root }: FileModel): readonly Statement[] {
  const found: Statement[] = [];
  const visit = ({ statements }: BlockValues): void => {
    for (const statement of statements) {
      const contents = statement.block?.contents;
      if (contents instanceof BlockValues) visit(contents);
      else if (keywords.has(statement.keywordValue) && statement.block === undefined) found.push(statement);
    }
  };
  visit(root);
  return found;
}
