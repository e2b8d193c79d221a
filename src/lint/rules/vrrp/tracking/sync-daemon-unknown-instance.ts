import { fileRule } from '../../../rule.ts';
import { block, instance, textOf } from './example.ts';

/** keepalived.conf(5): lvs_sync_daemon. */
export const syncDaemonUnknownInstance = fileRule({
  name: 'vrrp/sync-daemon-unknown-instance',
  level: 'error',
  summary: 'lvs_sync_daemon follows an instance that does not exist',
  details: `\`lvs_sync_daemon\` copies the connections of IPVS to the other director. Which side sends and which listens follows
the state of the instance after \`inst\`. If there is no such instance keepalived clears the line: nothing is copied, and at a
failover all established connections break. Write the name as it stands after \`vrrp_instance\`.`,
  keepalived: 'logs',
  bad: textOf(block('global_defs', ['lvs_sync_daemon eth0 inst VI_2 id 1']), instance('VI_1')),
  good: textOf(block('global_defs', ['lvs_sync_daemon eth0 inst VI_1 id 1']), instance('VI_1')),
  check: ({ globals, instances }, report) => {
    const daemon = globals.last('lvs_sync_daemon');
    const name = daemon?.value.instance;
    if (daemon === undefined || name === undefined) return;
    if (instances.some((instance) => instance.name === name)) return;
    const word = daemon.statement.args.find(({ value }) => value === name);
    const known = instances.map((instance) => instance.name);
    report({
      at: word ?? daemon.span,
      message: `there is no vrrp_instance ${name} for lvs_sync_daemon to follow: connections are not copied to the other director and break at a failover`,
      help:
        known.length === 0
          ? 'delete the line'
          : `write an instance that exists: ${known.slice(0, 5).join(', ')}`,
    });
  },
});
