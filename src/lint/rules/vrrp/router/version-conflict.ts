import { diagnosticRule } from '../../../rule.ts';
import { block } from './example.ts';
import { instanceAt } from './instance-places.ts';

/** RFC 5798 section 1: version 2 is for IPv4 only. */
export const versionConflict = diagnosticRule({
  name: 'vrrp/version-conflict',
  level: 'error',
  summary: 'version 2 with IPv6 addresses',
  details: `VRRP version 2 was written for IPv4 alone; IPv6 came with version 3. An instance takes its family from its
first address. holdfast runs version 3 for IPv6 whatever \`version\` says. keepalived does so in strict mode, and where the
line stands below the addresses; where it stands above them it sends version 2 over IPv6. Routers of different versions drop
each other's advertisements and are all Master, so delete the line on all directors.`,
  keepalived: 'reports',
  bad: example(2),
  good: example(3),
  claims: (diagnostic, file) => instanceAt(file, diagnostic, 'invalid-value', 'version') !== undefined,
  improve: (diagnostic, file) => {
    const instance = instanceAt(file, diagnostic, 'invalid-value', 'version');
    return {
      message: `${instance?.name ?? 'the instance'} has IPv6 addresses, which VRRP version 2 does not know: holdfast runs version 3, and a director on which keepalived runs 2 drops that and becomes Master too`,
      help: 'delete the line, or write "version 3", on all directors',
    };
  },
});

function example(version: 2 | 3): string {
  return block('vrrp_instance VI_1', [
    'interface eth0',
    'virtual_router_id 7',
    'virtual_ipaddress {\n    fe80::10/64\n    2001:db8::10/64\n}',
    `version ${version}`,
  ]);
}
