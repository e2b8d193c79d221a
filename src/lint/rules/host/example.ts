/** The examples of this folder: one instance, with further lines in it and text in front of it and behind it. */
import type { HostInterface } from '../../host.ts';

export interface Parts {
  readonly lines?: readonly string[];
  readonly addresses?: readonly string[];
  readonly above?: string;
  readonly below?: string;
}

export function instance({ lines = [], addresses = ['192.0.2.10/24'], above, below }: Parts = {}): string {
  return [
    ...(above === undefined ? [] : [above]),
    'vrrp_instance VI_1 {',
    '    interface eth0',
    '    virtual_router_id 7',
    ...lines.map((line) => `    ${line}`),
    '    virtual_ipaddress {',
    ...addresses.map((address) => `        ${address}`),
    '    }',
    '}',
    ...(below === undefined ? [] : [below]),
    '',
  ].join('\n');
}

/** A service with one server; `check` are the lines of its check. */
export function service(method: 'NAT' | 'DR', check: readonly string[] = []): string {
  return [
    'virtual_server 192.0.2.10 80 {',
    '    delay_loop 6',
    '    lb_algo rr',
    `    lb_kind ${method}`,
    '    protocol TCP',
    '    real_server 192.0.2.20 80 {',
    '        TCP_CHECK {',
    ...check.map((line) => `            ${line}`),
    '        }',
    '    }',
    '}',
    '',
  ].join('\n');
}

/** An interface as most machines have it, with some things otherwise. */
export function ethernet(change: Partial<HostInterface> = {}): HostInterface {
  return {
    name: 'eth0',
    isUp: true,
    addresses: ['192.0.2.1/24'],
    supportsMulticast: true,
    isLoopback: false,
    isEthernet: true,
    mtu: 1500,
    ...change,
  };
}
