/** keepalived.conf(5): the heading of a virtual_server. */
import type { IpAddress } from '../net/address.ts';
import type { VirtualService } from './config.ts';
import type { Span } from './diagnostics.ts';
import type { Reporter } from './reporter.ts';
import { endpoint, integer } from './schema/index.ts';
import type { Word } from './words.ts';

export type Target =
  | { readonly kind: 'address'; readonly address: IpAddress; readonly port: number }
  | { readonly kind: 'fwmark'; readonly mark: number };

const markNumber = integer(1, 0xffff_ffff);

/** What a virtual_server is for; undefined, with a message, when it cannot be used. */
export function resolveHeading(
  words: readonly Word[],
  heading: Span,
  reporter: Reporter,
): Target | undefined {
  const [first, second] = words;
  if (first?.value === 'group') {
    reporter.reportOnce('virtual_server group', heading, () => ({
      severity: 'error',
      code: 'not-acted-on',
      message: '"virtual_server group" is read but holdfast does not act on it yet; the service is left out',
    }));
    return undefined;
  }
  const result = first?.value === 'fwmark' ? parseMark(second) : parseEndpoint(words);
  if ('expects' in result) {
    reporter.report({
      severity: 'error',
      code: 'invalid-value',
      message: `a virtual_server must begin with ${result.expects}, found "${result.found}"; the block is ignored`,
      span: heading,
    });
    return undefined;
  }
  return result;
}

type Bad = { readonly expects: string; readonly found: string };

function parseMark(word: Word | undefined): Target | Bad {
  const mark = markNumber.parse(word === undefined ? [] : [word]);
  if (mark.ok) return { kind: 'fwmark', mark: mark.value };
  return { expects: `"fwmark" and ${markNumber.expects}`, found: `fwmark ${word?.value ?? ''}`.trim() };
}

function parseEndpoint(words: readonly Word[]): Target | Bad {
  const result = endpoint.parse(words);
  if (result.ok) return { kind: 'address', address: result.value.address, port: result.value.port ?? 0 };
  return { expects: result.expects ?? endpoint.expects, found: result.word?.value ?? '' };
}

/** As messages name a service: `10.0.0.3:80/TCP`, `[2001:db8::1]:80/TCP`, `fwmark 7`. */
export function serviceText(service: VirtualService): string {
  if (service.kind === 'fwmark') return `fwmark ${service.mark}`;
  const { address, port, protocol } = service;
  return `${address.includes(':') ? `[${address}]` : address}:${port}/${protocol}`;
}
