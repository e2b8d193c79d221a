/** keepalived.conf(5): global_defs: settings of the whole daemon. The tables stand by theme in global-*.ts. */
import { text } from './arguments.ts';
import { files } from './global-files.ts';
import { firewall, ipvs } from './global-ipvs.ts';
import { mail } from './global-mail.ts';
import { notifications } from './global-notify.ts';
import { processes } from './global-processes.ts';
import { vrrpDefaults } from './global-vrrp.ts';
import { acts, defineBlock } from './schema.ts';

export const globalDefs = defineBlock('global_defs', {
  router_id: acts(text, 'Name of this director in mail and in SNMP. Without it, the name of the host'),
  ...mail,
  ...processes,
  ...vrrpDefaults,
  ...firewall,
  ...ipvs,
  ...notifications,
  ...files,
});
