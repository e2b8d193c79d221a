/** Parses texts in memory and files of this folder, with names that do not depend on where the checkout is. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import {
  type Diagnostic,
  type ParseOptions,
  parseConfig,
  type Resolved,
} from '../../src/config-parser/index.ts';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The files are those given, by name; the first is the main one. */
export function parseTexts(files: Readonly<Record<string, string>>, options?: ParseOptions): Resolved {
  const read = (path: string) => {
    const text = files[path];
    return text === undefined ? { error: 'no such file' } : { text };
  };
  return parseConfig({ read }, Object.keys(files)[0] ?? '', options);
}

export function parseText(text: string, options?: ParseOptions): Resolved {
  return parseTexts({ 'test.conf': text }, options);
}

/** `path` is relative to the repository. */
export function parseFile(path: string, options?: ParseOptions): Resolved {
  const read = (name: string) => {
    try {
      return { text: readFileSync(repository + name, 'utf8') };
    } catch {
      return { error: 'no such file' };
    }
  };
  return parseConfig({ read }, path, options);
}

/** `severity code: the text pointed at`, one a diagnostic. */
export function summary({ diagnostics, sources }: Resolved): readonly string[] {
  return diagnostics.map(
    (diagnostic) => `${diagnostic.severity} ${diagnostic.code}: ${pointedAt(diagnostic, sources)}`,
  );
}

function pointedAt({ span }: Diagnostic, sources: Resolved['sources']): string {
  return span === undefined ? '' : (sources.get(span.file)?.text.slice(span.start, span.end) ?? '');
}

/** A vrrp_instance with what it needs, and `lines` in it. */
export function instanceWith(...lines: readonly string[]): string {
  return `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        192.0.2.10/24
    }
    ${lines.join('\n    ')}
}
`;
}

/** A virtual_server with what it needs and one real server, and `lines` in it. */
export function serverWith(...lines: readonly string[]): string {
  return `virtual_server 192.0.2.10 80 {
    lb_algo rr
    lb_kind NAT
    protocol TCP
    ${lines.join('\n    ')}
    real_server 192.0.2.20 80 {
        TCP_CHECK {
        }
    }
}
`;
}

/** What the only instance of a text means. */
export function onlyInstance(text: string): VrrpInstanceConfig {
  const [first] = parseText(text).config.vrrpInstances;
  if (first === undefined) throw new Error('the text has no instance');
  return first;
}

/** `keyword { lines }`, as lines for `instanceWith`. */
export function blockOf(keyword: string, ...lines: readonly string[]): string {
  return [`${keyword} {`, ...lines, '}'].join('\n');
}
