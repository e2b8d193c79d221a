/** Small complete configurations for the examples of the rules in this folder. */

/** An instance with an address, and these lines in it. A text of several lines is indented as a whole. */
export function instanceWith(...lines: readonly string[]): string {
  return instanceOf('VI_1', ['virtual_router_id 7', 'interface eth0', ...lines]);
}

/** An instance with an address and nothing else but these lines. */
export function instanceOf(name: string, lines: readonly string[], address = '192.0.2.10/24'): string {
  const body = [...lines, `virtual_ipaddress {\n    ${address}\n}`];
  return block(`vrrp_instance ${name}`, body);
}

export function block(heading: string, lines: readonly string[]): string {
  const body = lines.flatMap((line) => line.split('\n')).map((line) => `    ${line}\n`);
  return `${heading} {\n${body.join('')}}\n`;
}

/** Lines in global_defs before the rest. */
export function withGlobals(lines: readonly string[], rest: string): string {
  return `${block('global_defs', lines)}\n${rest}`;
}
