/** What the pair rules say of directors that are given as texts. */
import type { Finding } from '../../src/lint/finding.ts';
import { lint } from '../../src/lint/lint.ts';
import { pairRules } from '../../src/lint/rules/pair/index.ts';
import { modelsOf } from './rule-harness.ts';

export function pairFindings(...nodes: readonly string[]): readonly Finding[] {
  const files = Object.fromEntries(nodes.map((text, index) => [`lb0${index + 1}.conf`, text]));
  const models = modelsOf({ kind: 'pair' }, files);
  const names = new Set(pairRules.map(({ name }) => name));
  return lint(models, { rules: pairRules, isPair: true }).filter(({ rule }) => names.has(rule));
}

export function rulesThatSpeak(...nodes: readonly string[]): readonly string[] {
  return pairFindings(...nodes).map(({ rule }) => rule);
}

/** `level: message` of one rule. */
export function messagesOf(rule: string, ...nodes: readonly string[]): readonly string[] {
  return pairFindings(...nodes)
    .filter((finding) => finding.rule === rule)
    .map(({ level, message }) => `${level}: ${message}`);
}

export interface Router {
  readonly name?: string;
  readonly device?: string;
  readonly vrid?: number;
  readonly priority?: number;
  readonly addresses?: readonly string[];
  readonly lines?: readonly string[];
}

export function router({
  name = 'VI_1',
  device = 'eth0',
  vrid = 7,
  priority = 100,
  addresses = ['192.0.2.10/24'],
  lines = [],
}: Router = {}): string {
  const inside = [
    `interface ${device}`,
    `virtual_router_id ${vrid}`,
    `priority ${priority}`,
    ...lines,
    ['virtual_ipaddress {', ...addresses, '}'].join('\n'),
  ];
  return `vrrp_instance ${name} {\n${inside.join('\n')}\n}\n`;
}

export function script(name: string, weight: string): string {
  return `vrrp_script ${name} {\nscript /usr/bin/true\nweight ${weight}\n}\n`;
}

export function tracking(...entries: readonly string[]): readonly string[] {
  return ['track_script {', ...entries, '}'];
}
