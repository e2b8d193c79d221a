/** The formats of `holdfast lint`, from findings made by hand. */
import { describe, expect, it } from 'vitest';
import type { Source, Span } from '../../src/config-parser/index.ts';
import type { Finding } from '../../src/lint/finding.ts';
import {
  type FormatName,
  type FormatOptions,
  formats,
  type LintReport,
} from '../../src/lint/formats/index.ts';
import type { JsonReport } from '../../src/lint/formats/json.ts';
import { sarifErrors } from './sarif-schema/validate-sarif.ts';

const text = 'vrrp_instance VI_1 {\n\tvirtual_router_id 300\n\tpriority 100\n}\n';
const sources = sourcesOf({ 'conf/lb 01.conf': text });

function sourcesOf(texts: Readonly<Record<string, string>>): ReadonlyMap<string, Source> {
  return new Map(Object.entries(texts).map(([name, content]) => [name, { name, text: content }]));
}

function spanOf(words: string, file = 'conf/lb 01.conf', content = text): Span {
  const start = content.indexOf(words);
  if (start === -1) throw new Error(`no ${words}`);
  return { file, start, end: start + words.length };
}

const bad: Finding = {
  rule: 'vrrp/vrid-range',
  level: 'error',
  message: 'virtual_router_id 300 is out of range, 100% sure',
  span: spanOf('300'),
  help: 'choose one from 1 to 255',
  notes: [{ message: 'the instance begins here', span: spanOf('vrrp_instance') }, { message: 'that is all' }],
  fix: { title: 'write "30"', isSafe: true, edits: [{ span: spanOf('300'), text: '30' }] },
};
const mild: Finding = {
  rule: 'vrrp/default-priority',
  level: 'info',
  message: 'priority 100 is the default',
  span: spanOf('priority 100'),
};

function report(findings: readonly Finding[], change: Partial<LintReport> = {}): LintReport {
  const rule = {
    name: 'vrrp/vrid-range',
    level: 'error',
    summary: 'A VRID must fit into a byte',
    details: 'A VRID is\n`8` bits wide.',
    keepalived: 'fatal',
    bad: '',
    good: '',
  } as const;
  return {
    findings,
    sources,
    rules: [rule],
    fileNames: ['conf/lb 01.conf'],
    profile: 'default',
    suppressedCount: 0,
    toolVersion: '1.2.3',
    ...change,
  };
}

function write(
  format: FormatName,
  findings: readonly Finding[],
  options: Partial<FormatOptions> = {},
): string {
  return formats[format](report(findings), {
    isColoured: false,
    maxFindings: 3,
    hasSummary: true,
    baseFolder: '/home/me',
    ...options,
  });
}

describe('text', () => {
  it('shows the line, what to do, the notes, the fix, where to read on, and the numbers', () => {
    expect(
      write('text', [bad, mild]),
    ).toBe(`conf/lb 01.conf:2:20: error: virtual_router_id 300 is out of range, 100% sure [vrrp/vrid-range]
  |
2 | \tvirtual_router_id 300
  | \t                  ^^^
  = help: choose one from 1 to 255
  = note: conf/lb 01.conf:1:1: the instance begins here
  = note: that is all
  = fix: write "30" (fixable with --fix)
  = docs: holdfast explain vrrp/vrid-range

conf/lb 01.conf:3:2: info: priority 100 is the default [vrrp/default-priority]
  |
3 | \tpriority 100
  | \t^^^^^^^^^^^^
  = docs: holdfast explain vrrp/default-priority

1 error, 0 warnings, 1 note in 1 file (1 fixable with --fix)
`);
  });

  it('with nothing found has only the numbers, and without those nothing', () => {
    expect(write('text', [])).toBe('0 errors, 0 warnings, 0 notes in 1 file\n');
    expect(write('text', [], { hasSummary: false })).toBe('');
  });

  it('tells what comments suppress', () => {
    const options = { isColoured: false, maxFindings: 3, hasSummary: true, baseFolder: '/' };
    expect(formats.text(report([], { suppressedCount: 2 }), options)).toContain('(2 suppressed by comments)');
  });

  it('colours where it is told to, and only there', () => {
    expect(write('text', [bad], { isColoured: true })).toContain('\x1b[31;1merror\x1b[0m');
    expect(write('text', [bad])).not.toContain('\x1b');
  });

  it('tells that an unsafe fix needs its own flag', () => {
    const unsafe = { ...bad, fix: { title: 'write "30"', isSafe: false, edits: [] } };
    const shown = write('text', [unsafe]);
    expect(shown).toContain('= fix: write "30" (fixable with --unsafe-fixes)');
    expect(shown).not.toContain('fixable with --fix');
  });

  it('tells through which variables and includes a place was reached', () => {
    const main = 'include sub.conf\n$ID=300\n';
    const files = new Map<string, Source>([
      ['main.conf', { name: 'main.conf', text: main }],
      ['sub.conf', { name: 'sub.conf', text: 'x $ID\n', includedFrom: spanOf('include', 'main.conf', main) }],
    ]);
    const via = [{ message: 'used here', span: spanOf('$ID=', 'main.conf', main) }];
    const found: Finding = {
      rule: 'a/b',
      level: 'warn',
      message: 'm',
      span: { file: 'sub.conf', start: 2, end: 5, via },
    };
    const options = { isColoured: false, maxFindings: 0, hasSummary: false, baseFolder: '/' };
    const shown = formats.text(report([found], { sources: files }), options);
    expect(shown).toContain('  = note: main.conf:2:1: used here\n  = note: included from main.conf:1:1\n');
    const parsed = JSON.parse(formats.json(report([found], { sources: files }), options)) as JsonReport;
    expect(parsed.findings[0]?.notes).toMatchObject([
      { message: 'used here', line: 2 },
      { message: 'included from here', file: 'main.conf', line: 1, column: 1, endColumn: 8 },
    ]);
  });

  it('tells a note about variables once where the finding has it as a note as well', () => {
    const via = [{ message: 'used here', span: spanOf('priority') }];
    const shown = write('text', [{ ...mild, span: { ...spanOf('300'), via }, notes: via }]);
    expect(shown.split('used here')).toHaveLength(2);
  });
});

describe('similar findings', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => ({
    ...mild,
    message: `priority ${index} of "VI_${index}"`,
  }));
  const another = { ...mild, message: 'something else altogether' };

  it.each(['text', 'concise', 'github'] as const)('are folded in %s', (format) => {
    const shown = write(format, [...many, another]);
    expect(shown).toContain('and 19,997 more of vrrp/default-priority: --max-findings 0 shows all');
    expect(shown.match(/of "VI_/g)).toHaveLength(3);
    expect(shown).toContain('something else altogether');
    expect(write(format, many, { maxFindings: 0 }).match(/of "VI_/g)).toHaveLength(20_000);
  });

  it('are all in json and sarif', () => {
    expect((JSON.parse(write('json', many)) as JsonReport).findings).toHaveLength(20_000);
    const sarif = JSON.parse(write('sarif', many)) as { runs: { results: unknown[] }[] };
    expect(sarif.runs[0]?.results).toHaveLength(20_000);
  });
});

describe('concise', () => {
  it('is one line a finding', () => {
    expect(write('concise', [bad, mild]).split('\n')).toEqual([
      'conf/lb 01.conf:2:20: error: virtual_router_id 300 is out of range, 100% sure [vrrp/vrid-range]',
      'conf/lb 01.conf:3:2: info: priority 100 is the default [vrrp/default-priority]',
      '',
    ]);
    expect(write('concise', [])).toBe('');
  });
});

describe('json', () => {
  it('has a version, places from 1 with their ends, the edits and the numbers', () => {
    const place = { file: 'conf/lb 01.conf', line: 2, column: 20, endLine: 2, endColumn: 23 };
    const parsed = JSON.parse(write('json', [bad, mild])) as JsonReport;
    expect(parsed).toMatchObject({
      version: 1,
      tool: { name: 'holdfast', version: '1.2.3' },
      files: ['conf/lb 01.conf'],
      profile: 'default',
      summary: { error: 1, warn: 0, info: 1, files: 1, fixable: 1, suppressed: 0 },
    });
    expect(parsed.findings[0]).toEqual({
      rule: 'vrrp/vrid-range',
      level: 'error',
      message: bad.message,
      ...place,
      help: bad.help,
      notes: [
        { message: 'the instance begins here', ...place, line: 1, column: 1, endLine: 1, endColumn: 14 },
        { message: 'that is all' },
      ],
      fix: { title: 'write "30"', safe: true, edits: [{ ...place, text: '30' }] },
    });
  });

  it('leaves out the place that a finding does not have', () => {
    const { span, ...placeless } = mild;
    const [finding] = (JSON.parse(write('json', [placeless])) as JsonReport).findings;
    expect(finding).toEqual({ ...placeless, notes: [] });
  });
});

describe('sarif', () => {
  const elsewhere = '/etc/keepalived/k#1.conf';
  const files = new Map([
    ...sources,
    ...sourcesOf({ '/home/me/a.conf': 'x\n', [elsewhere]: 'y\n', './b.conf': 'z\n' }),
  ]);
  const at = (file: string) => ({ ...mild, span: { file, start: 0, end: 1 } });
  const { span, ...placeless } = mild;
  const findings = [bad, mild, at('/home/me/a.conf'), at(elsewhere), at('./b.conf'), placeless];
  const parsed = JSON.parse(
    formats.sarif(report(findings, { sources: files }), {
      isColoured: true,
      maxFindings: 3,
      hasSummary: true,
      baseFolder: '/home/me',
    }),
  );

  it('is what the published schema allows', () => {
    expect(sarifErrors(parsed)).toEqual([]);
    expect(sarifErrors(JSON.parse(write('sarif', [])))).toEqual([]);
  });

  it('stays so for notes that are said twice and a fix that changes nothing', () => {
    const notes = [...(bad.notes ?? []), ...(bad.notes ?? [])];
    const twice: Finding = { ...bad, notes, fix: { title: 'nothing', isSafe: true, edits: [] } };
    expect(sarifErrors(JSON.parse(write('sarif', [twice])))).toEqual([]);
    expect(write('text', [twice]).split('the instance begins here')).toHaveLength(2);
  });

  it('is held against a schema that refuses what is wrong', () => {
    const wrong = structuredClone(parsed);
    wrong.runs[0].results[0].level = 'fatal';
    expect(sarifErrors(wrong)).not.toEqual([]);
  });

  it('describes rules, also those that it only knows from a finding', () => {
    const { driver } = parsed.runs[0].tool;
    expect(driver.rules[0]).toMatchObject({
      id: 'vrrp/vrid-range',
      fullDescription: { text: 'A VRID is 8 bits wide.' },
      defaultConfiguration: { level: 'error' },
    });
    const ids = driver.rules.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(['vrrp/vrid-range', 'vrrp/default-priority']);
    for (const { ruleId, ruleIndex } of parsed.runs[0].results) expect(ids[ruleIndex]).toBe(ruleId);
  });

  it('names files relative to where it runs, percent-encoded, and others by their whole path', () => {
    const uris = parsed.runs[0].results.map(
      (result: { locations?: [{ physicalLocation: { artifactLocation: { uri: string } } }] }) =>
        result.locations?.[0].physicalLocation.artifactLocation.uri,
    );
    expect(uris).toEqual([
      'conf/lb%2001.conf',
      'conf/lb%2001.conf',
      'a.conf',
      'file:///etc/keepalived/k%231.conf',
      'b.conf',
      undefined,
    ]);
  });

  it('has regions, related places and fixes', () => {
    const region = { startLine: 2, startColumn: 20, endLine: 2, endColumn: 23 };
    expect(parsed.runs[0].results[0]).toMatchObject({
      level: 'error',
      locations: [{ physicalLocation: { region } }],
      relatedLocations: [{ message: { text: 'the instance begins here' } }],
      fixes: [
        { artifactChanges: [{ replacements: [{ deletedRegion: region, insertedContent: { text: '30' } }] }] },
      ],
    });
  });

  it('has fingerprints that stay when lines move, and are different within a run', () => {
    const moved = new Map([['conf/lb 01.conf', { name: 'conf/lb 01.conf', text: `# new\n${text}` }]]);
    const shifted = { ...mild, span: { ...spanOf('priority 100'), start: text.indexOf('priority') + 6 } };
    const fingerprints = (found: readonly Finding[], read: ReadonlyMap<string, Source>) => {
      const options = { isColoured: false, maxFindings: 0, hasSummary: false, baseFolder: '/' };
      const { runs } = JSON.parse(formats.sarif(report(found, { sources: read }), options));
      return runs[0].results.map(
        (result: { partialFingerprints: Record<string, string> }) =>
          result.partialFingerprints['holdfastFinding/v1'],
      );
    };
    const [first, second] = fingerprints([mild, mild], sources);
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(second).not.toBe(first);
    expect(fingerprints([shifted], moved)).toEqual([first]);
  });
});

describe('github', () => {
  it('escapes what would end the message or a property', () => {
    const odd = sourcesOf({ 'a,b:c%.conf': 'x\n' });
    const finding = { ...bad, span: { file: 'a,b:c%.conf', start: 0, end: 1 }, notes: [] };
    const options = { isColoured: true, maxFindings: 3, hasSummary: true, baseFolder: '/' };
    expect(formats.github(report([finding], { sources: odd }), options)).toBe(
      '::error file=a%2Cb%3Ac%25.conf,line=1,endLine=1,col=1,endColumn=2,title=vrrp/vrid-range' +
        '::virtual_router_id 300 is out of range, 100%25 sure%0Ahelp: choose one from 1 to 255\n',
    );
  });

  it('has warnings and notices, and no columns for what goes over several lines', () => {
    const { span, ...placeless } = mild;
    const wide = { ...mild, level: 'warn', span: { ...spanOf('priority 100'), end: text.length } } as const;
    const lines = write('github', [placeless, wide]).split('\n');
    expect(lines[0]).toBe('::notice title=vrrp/default-priority::priority 100 is the default');
    expect(lines[1]).toMatch(/^::warning file=conf\/lb 01.conf,line=3,endLine=5,title=/);
  });
});

describe.each(['text', 'concise', 'json', 'sarif', 'github'] as const)('%s', (format) => {
  it('lets no control character of a file through', () => {
    const evil = '\x1b]0;x\x07\u009b31m\u202e\r\u2028';
    const name = `evil${evil}.conf`;
    const found: Finding = {
      rule: 'a/b',
      level: 'warn',
      message: `found "${evil}"`,
      span: { file: name, start: 0, end: 3 },
      help: evil,
      notes: [{ message: evil, span: { file: name, start: 0, end: 3 } }],
      fix: { title: evil, isSafe: true, edits: [{ span: { file: name, start: 0, end: 3 }, text: evil }] },
    };
    const options = { isColoured: false, maxFindings: 3, hasSummary: true, baseFolder: '/' };
    const shown = formats[format](report([found], { sources: sourcesOf({ [name]: `${evil}\n` }) }), options);
    expect(shown).toContain('found');
    expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
  });
});
