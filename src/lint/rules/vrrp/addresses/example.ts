/** Small complete configurations for the examples of the rules in this folder. */

interface ExampleInstance {
  readonly name?: string;
  readonly vrid?: number;
  readonly interface?: string;
  /** Before the addresses. */
  readonly lines?: readonly string[];
  /** Lines of virtual_ipaddress; none for no such block. */
  readonly addresses?: readonly string[];
}

export function instanceText(instance: ExampleInstance): string {
  const { name = 'VI_1', vrid = 7, lines = [], addresses = [] } = instance;
  const list = addresses.length === 0 ? [] : nested('virtual_ipaddress', addresses);
  const body = [`interface ${instance.interface ?? 'eth0'}`, `virtual_router_id ${vrid}`, ...lines, ...list];
  return `${nested(`vrrp_instance ${name}`, body).join('\n')}\n`;
}

/** VI_1 on eth0 with these lines in its virtual_ipaddress. */
export function holding(...addresses: readonly string[]): string {
  return instanceText({ addresses });
}

/** A block: the lines are indented, at whatever depth they are already. */
export function nested(heading: string, lines: readonly string[]): readonly string[] {
  return [`${heading} {`, ...lines.map((line) => `    ${line}`), '}'];
}
