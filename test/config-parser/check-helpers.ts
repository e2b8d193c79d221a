/** Checks as texts, in a virtual_server with one real_server. */
import type { CheckerConfig } from '../../src/config-parser/config.ts';
import { parseText, serverWith, summary } from './parse-helpers.ts';

export interface Around {
  /** Lines of the virtual_server, of the real_server, and blocks beside them. */
  readonly virtual?: string;
  readonly real?: string;
  readonly beside?: string;
}

/** A server that is checked by `block`. */
export function textWith(block: string, { virtual = '', real = '', beside = '' }: Around = {}): string {
  const server = serverWith(virtual).replace(/TCP_CHECK \{\s*\}/, `${real}\n${block}`);
  return `${beside}\n${server}`;
}

export function checksOf(text: string): readonly CheckerConfig[] {
  return parseText(text).config.virtualServers[0]?.realServers[0]?.checkers ?? [];
}

export function check(block: string, around?: Around): CheckerConfig {
  const [first, ...others] = checksOf(textWith(block, around));
  if (first === undefined || others.length > 0) throw new Error('the text has not one check');
  return first;
}

export function told(block: string, around?: Around): readonly string[] {
  return summary(parseText(textWith(block, around)));
}
