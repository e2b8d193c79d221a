/** Input that nobody writes by hand: none of it may throw, hang or be told without a place. */
import { existsSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resolved } from '../../src/config-parser/index.ts';
import {
  instanceWith,
  parseFile,
  parseText,
  parseTexts,
  repository,
  serverWith,
  summary,
} from './parse-helpers.ts';

/** Of processor time, so that a machine that does other things too is no reason to fail; more than this is a hang. */
const longestMs = 2000;

function timed(parse: () => Resolved): { readonly result: Resolved; readonly ms: number } {
  const begin = process.cpuUsage();
  const result = parse();
  return { result, ms: process.cpuUsage(begin).user / 1000 };
}

/** Every diagnostic stands in a text that was read, within it. */
function expectPlaces({ diagnostics, sources }: Resolved): void {
  for (const { message, span } of diagnostics) {
    const text = span && sources.get(span.file)?.text;
    expect(text, message).toBeDefined();
    expect(
      span && span.start >= 0 && span.end >= span.start && span.end <= (text?.length ?? 0),
      message,
    ).toBe(true);
  }
}

const corpus = '../shared/corpus';
const corpusFiles = existsSync(repository + corpus)
  ? readdirSync(repository + corpus).filter((name) => name.endsWith('.conf'))
  : [];

describe.skipIf(corpusFiles.length === 0)('a file that somebody uses', () => {
  it.each(corpusFiles.length === 0 ? ['none'] : corpusFiles)(
    '%s is read in time, and every diagnostic has a place',
    (name) => {
      const { result, ms } = timed(() => parseFile(`${corpus}/${name}`));
      expect(ms).toBeLessThan(longestMs);
      expectPlaces(result);
    },
  );
});

describe('a hostile text', () => {
  it.each([
    ['10000 braces', '{'.repeat(10_000)],
    ['10000 nested blocks', 'a {\n'.repeat(10_000)],
    ['10000 nested known blocks', 'global_defs {\n'.repeat(10_000)],
    ['10000 closing braces', '}'.repeat(10_000)],
    ['a line of a megabyte', `router_id ${'x'.repeat(1_000_000)}`],
    ['a megabyte of blanks', ' '.repeat(1_000_000)],
    ['a comment of a megabyte', `#${'!'.repeat(1_000_000)}`],
    ['an open quote before a megabyte', `"${'x '.repeat(500_000)}`],
    ['quotes without end', '"\n'.repeat(20_000)],
    ['dollars', '$'.repeat(100_000)],
    ['open variables', `$${'{$'.repeat(50_000)}`],
    ['variables', `$A=x\n${'$A '.repeat(50_000)}`],
    ['backslashes', '\\'.repeat(100_000)],
    ['line ends', '\r\n'.repeat(100_000)],
    ['names of the language itself', 'constructor {\n__proto__ 1\n}\ntoString\nvirtual_ipaddress\n'],
    [
      'the same as options',
      instanceWith('virtual_ipaddress {', '192.0.2.11 constructor toString scope __proto__', '}'),
    ],
    ['the same as values', serverWith('lb_algo constructor', 'protocol __proto__', 'lb_kind toString')],
  ])('of %s is read in time', (_, text) => {
    const { result, ms } = timed(() => parseText(text));
    expect(ms).toBeLessThan(4 * longestMs);
    expectPlaces(result);
  });

  it('of 10000 nested blocks is told at a few braces, not at each', () => {
    const { diagnostics } = parseText('a {\n'.repeat(10_000));
    expect(diagnostics.filter(({ code }) => code === 'unclosed-brace').length).toBeLessThan(10);
  });

  it('of random statements never throws, and every diagnostic has a place', () => {
    const words =
      'vrrp_instance virtual_server real_server TCP_CHECK virtual_ipaddress authentication global_defs priority ' +
      'interface virtual_router_id state MASTER lb_kind TUN fwmark protocol lvs_timeouts A 10.0.0.1 10.0.0.1/24 ' +
      '2001:db8::1 80 -1 1e9 0.5 brd + dev scope label quorum hysteresis sorry_server sorry_server_inhibit ' +
      `persistence_granularity $V \${V} $V=1 ~SEQ(x,2) ~SEQx(y,$V,9) ~LST({a,b},{1,2}) \${_RANDOM 1 9} \${_ENV X} $V=\\ include_check @x include " \\ #`;
    const word = fc.constantFrom(...words.split(' '));
    const glue = fc.constantFrom(' ', ' ', ' ', '\n', '\n', ' {\n', '\n}\n');
    const text = fc.array(fc.tuple(word, glue), { maxLength: 80 }).map((parts) => parts.flat().join(''));
    fc.assert(
      fc.property(text, (input) => expectPlaces(parseText(input))),
      { numRuns: 2000 },
    );
  });

  it('that includes itself twice is cut off', () => {
    const { result, ms } = timed(() => parseText('include test.conf\ninclude test.conf\n'));
    expect(ms).toBeLessThan(10 * longestMs);
    expect(result.diagnostics.map(({ code }) => code)).toContain('nested-too-deep');
  });

  it('of variables that double 60 times is cut off', () => {
    const lines = Array.from({ length: 60 }, (_, n) => `$V${n + 1}=\${V${n}}\${V${n}}`);
    const { result, ms } = timed(() =>
      parseText(`$V0=x\n${lines.join('\n')}\nglobal_defs {\nrouter_id \${V60}\n}\n`),
    );
    expect(ms).toBeLessThan(10 * longestMs);
    expect(result.diagnostics.map(({ code }) => code)).toContain('too-many-expansions');
  });
});

describe('a file that is not there', () => {
  it('is fatal, and the Config is empty', () => {
    const result = parseTexts({});
    expect(result.diagnostics).toMatchObject([{ severity: 'fatal', code: 'file-unreadable' }]);
    expect(result.config.vrrpInstances).toEqual([]);
  });
});

describe('more addresses than an advertisement holds', () => {
  it('are held and not advertised', () => {
    const entries = Array.from({ length: 300 }, (_, n) => `10.0.${n >> 7}.${(n & 127) + 1}/16`);
    const text = `vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n${entries.join('\n')}\n}\n}\n`;
    const result = parseText(text);
    expect(summary(result)).toEqual(['error too-many-addresses: 10.0.1.128/16']);
    const [instance] = result.config.vrrpInstances;
    expect([instance?.virtualAddresses.length, instance?.excludedAddresses.length]).toEqual([255, 45]);
  });
});
