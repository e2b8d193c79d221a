/** The examples of this folder: two directors with one virtual router that agree in all that a rule is not about. */

export interface Director {
  readonly interface?: string;
  readonly vrid?: number;
  readonly priority?: number;
  readonly addresses?: readonly string[];
  /** Further lines of the instance. */
  readonly lines?: readonly string[];
  /** In front of the instance, and behind it. */
  readonly above?: string;
  readonly below?: string;
}

/** lb01 has priority 150 and lb02 100, unless said otherwise. */
export function directors(first: Director, second: Director): Readonly<Record<string, string>> {
  return {
    'lb01.conf': textOf({ priority: 150, ...first }),
    'lb02.conf': textOf({ priority: 100, ...second }),
  };
}

function textOf(director: Director): string {
  const { interface: name = 'eth0', vrid = 7, priority = 100, addresses = ['192.0.2.10/24'] } = director;
  const { lines = [], above = '', below = '' } = director;
  return [
    ...(above === '' ? [] : [above]),
    'vrrp_instance VI_1 {',
    `    interface ${name}`,
    `    virtual_router_id ${vrid}`,
    `    priority ${priority}`,
    ...lines.map((line) => `    ${line}`),
    '    virtual_ipaddress {',
    ...addresses.map((address) => `        ${address}`),
    '    }',
    '}',
    ...(below === '' ? [] : [below]),
    '',
  ].join('\n');
}

/** A service with one server, whose check holds `check`. */
export function service(check: readonly string[] = [], scheduler = 'wrr', server = '192.0.2.20'): string {
  return [
    'virtual_server 192.0.2.10 80 {',
    '    delay_loop 6',
    `    lb_algo ${scheduler}`,
    '    lb_kind DR',
    '    protocol TCP',
    `    real_server ${server} 80 {`,
    '        TCP_CHECK {',
    ...check.map((line) => `            ${line}`),
    '        }',
    '    }',
    '}',
  ].join('\n');
}
