/** One configuration pair for each way of speaking VRRP that a holdfast and a keepalived must share. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DirectorName } from '../../../src/drill/tutorial-network.ts';
import { hostAddresses } from '../../../src/drill/tutorial-network.ts';

export interface Protocol {
  readonly name: string;
  /** Held by whoever is Master; the last one shows that all are there. */
  readonly virtualAddresses: readonly string[];
  /** The text of the file of `self`, whose only peer is `other`. */
  readonly text: (self: string, other: string, priority: number) => string;
}

const priorities: Readonly<Record<DirectorName, number>> = { lb01: 150, lb02: 100 };

/** Writes the file of one director into `folder`. */
export function protocolFile({ text }: Protocol, name: DirectorName, folder: string): string {
  const other = name === 'lb01' ? 'lb02' : 'lb01';
  const path = join(folder, `${name}.conf`);
  writeFileSync(path, `${text(hostAddresses[name], hostAddresses[other], priorities[name])}\n`);
  return path;
}

interface InstanceParts {
  readonly name?: string;
  readonly vrid?: number;
  readonly priority: number;
  readonly lines: readonly string[];
  readonly virtual: readonly string[];
}

function instance({ name = 'VI_1', vrid = 51, priority, lines, virtual }: InstanceParts): string {
  return `vrrp_instance ${name} {
    state BACKUP
    interface eth0
    virtual_router_id ${vrid}
    priority ${priority}
    ${lines.join('\n    ')}
    virtual_ipaddress {
        ${virtual.join('\n        ')}
    }
}`;
}

const ipv4 = '10.0.0.3';
const second = '10.0.0.4';
const ipv6 = '2001:db8::3';
const linkLocal = 'fe80::3';

function simple(name: string, lines: readonly string[]): Protocol {
  return {
    name,
    virtualAddresses: [ipv4],
    text: (_self, _other, priority) => instance({ priority, lines, virtual: [`${ipv4}/24`] }),
  };
}

function authentication(type: string): string {
  return `authentication {\n        auth_type ${type}\n        auth_pass 1111\n    }`;
}

function unicast(self: string, other: string): readonly string[] {
  return [`unicast_src_ip ${self}`, `unicast_peer {\n        ${other}\n    }`];
}

const fast = ['version 3', 'advert_int 0.1'];

export const protocols: readonly Protocol[] = [
  simple('v2 PASS', ['advert_int 1', authentication('PASS')]),
  simple('v2 AH', ['advert_int 1', authentication('AH')]),
  simple('v3 IPv4', fast),
  simple('v3 with an interval of 20 ms', ['version 3', 'advert_int 0.02']),
  {
    name: 'v3 IPv6',
    virtualAddresses: [linkLocal, ipv6],
    text: (_self, _other, priority) =>
      instance({ priority, lines: fast, virtual: [`${linkLocal}/64`, `${ipv6}/64`] }),
  },
  {
    name: 'v3 unicast',
    virtualAddresses: [ipv4],
    text: (self, other, priority) =>
      instance({ priority, lines: [...fast, ...unicast(self, other)], virtual: [`${ipv4}/24`] }),
  },
  {
    name: 'v2 unicast PASS',
    virtualAddresses: [ipv4],
    text: (self, other, priority) =>
      instance({
        priority,
        lines: ['advert_int 1', authentication('PASS'), ...unicast(self, other)],
        virtual: [`${ipv4}/24`],
      }),
  },
  {
    name: 'IPv4 and IPv6 with the same VRID',
    virtualAddresses: [ipv4, ipv6],
    text: (_self, _other, priority) =>
      [
        instance({ priority, lines: fast, virtual: [`${ipv4}/24`] }),
        instance({ name: 'VI_6', priority, lines: fast, virtual: [`${linkLocal}/64`, `${ipv6}/64`] }),
      ].join('\n'),
  },
  {
    name: 'sync group',
    virtualAddresses: [ipv4, second],
    text: (_self, _other, priority) =>
      [
        'vrrp_sync_group G1 {\n    group {\n        VI_1\n        VI_2\n    }\n}',
        instance({ priority, lines: fast, virtual: [`${ipv4}/24`] }),
        instance({ name: 'VI_2', vrid: 52, priority, lines: fast, virtual: [`${second}/24`] }),
      ].join('\n'),
  },
];

const keys = `auth_hmac {
        key 1 an-example-text-of-32-characters
        key 2 hex:${'0123456789abcdef'.repeat(4)}
        active_key 1
    }`;

/** What Debian's keepalived does not speak yet: both directors run holdfast. */
export const newProtocols: readonly Protocol[] = [
  simple('v3 signed with auth_hmac', [...fast, keys]),
  simple('v2 signed with auth_hmac', ['advert_int 1', keys]),
  {
    name: 'v3 unicast signed with auth_hmac',
    virtualAddresses: [ipv4],
    text: (self, other, priority) =>
      instance({ priority, lines: [...fast, keys, ...unicast(self, other)], virtual: [`${ipv4}/24`] }),
  },
];
