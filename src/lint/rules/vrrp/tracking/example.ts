/** Small complete configurations for the examples of the rules in this folder. */

/** A block: the lines are indented, at whatever depth they are already. */
export function block(heading: string, lines: readonly string[]): readonly string[] {
  return [`${heading} {`, ...lines.map((line) => `    ${line}`), '}'];
}

/** Blocks with an empty line between them. */
export function textOf(...blocks: readonly (readonly string[])[]): string {
  return blocks.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

/** An instance with an address and these lines. */
export function instance(name: 'VI_1' | 'VI_2', lines: readonly string[] = []): readonly string[] {
  const [device, vrid, address] =
    name === 'VI_1' ? ['eth0', 7, '192.0.2.10/24'] : ['eth1', 8, '198.51.100.10/24'];
  return block(`vrrp_instance ${name}`, [
    `interface ${device}`,
    `virtual_router_id ${vrid}`,
    ...lines,
    ...block('virtual_ipaddress', [address]),
  ]);
}

/** chk_web, quick and steady, with these lines too. Scripts run as nobody, so that there is nothing else to say. */
export function script(lines: readonly string[] = [], name = 'chk_web'): readonly string[] {
  return block(`vrrp_script ${name}`, ['script "/usr/local/bin/check-web"', 'fall 2', 'rise 2', ...lines]);
}

export const scriptGlobals = block('global_defs', ['script_user nobody', 'enable_script_security']);

/** A global section, a script and VI_1 that tracks it. */
export function tracked(scriptLines: readonly string[], instanceLines: readonly string[] = []): string {
  const list = block('track_script', ['chk_web']);
  return textOf(scriptGlobals, script(scriptLines), instance('VI_1', [...instanceLines, ...list]));
}

/** VI_1 and VI_2 with these lines, together in a group G. */
export function group(
  groupLines: readonly string[],
  first: readonly string[] = [],
  second: readonly string[] = [],
): readonly (readonly string[])[] {
  const members = block('group', ['VI_1', 'VI_2']);
  return [
    block('vrrp_sync_group G', [...members, ...groupLines]),
    instance('VI_1', first),
    instance('VI_2', second),
  ];
}
