/** A node of a drill from the text of its configuration, or from a file of the examples or fixtures. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseConfig } from '../../src/config-parser/index.ts';
import type { NodeConfig } from '../../src/drill/virtual-routers.ts';

export function parsedNode(name: string, text: string): NodeConfig {
  const { config } = parseConfig({ read: () => ({ text }) }, `${name}.conf`, { configId: name });
  return { name, configFile: `${name}.conf`, configId: name, config };
}

export function fixtureNode(name: string, file = name): NodeConfig {
  return parsedNode(name, readFileSync(fixtureFile(file), 'utf8'));
}

export function fixtureFile(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}.conf`, import.meta.url));
}

export function exampleNode(name: string): NodeConfig {
  return parsedNode(name, readFileSync(exampleFile(name), 'utf8'));
}

export function exampleFile(name: string): string {
  return fileURLToPath(new URL(`../../examples/${name}.conf`, import.meta.url));
}

/** A pair that differs in priority alone; `more` goes into each instance. */
export function simplePair(more = '', rest = ''): readonly NodeConfig[] {
  const text = (priority: number): string => `
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority ${priority}
  advert_int 1
  virtual_ipaddress { 10.0.0.3/24 }
  ${more}
}
${rest}
`;
  return [parsedNode('lb01', text(150)), parsedNode('lb02', text(100))];
}
