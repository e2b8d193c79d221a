import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config-parser/index.ts';
import { parseFile, parseText, parseTexts, summary } from './parse-helpers.ts';

function routerId(text: string, configId?: string): string | undefined {
  return parseText(text, configId === undefined ? {} : { configId }).config.globalDefs.routerId;
}

describe('an include', () => {
  it('is read beside the file that names it, and may hold half a block', () => {
    const result = parseFile('test/config-parser/ok/include.conf');
    expect(summary(result)).toEqual([]);
    expect(result.config.vrrpInstances[0]).toMatchObject({ vrid: 51, interface: 'eth0' });
    expect(result.config.virtualServers[0]?.realServers).toHaveLength(1);
    expect([...result.sources.keys()]).toContain('test/config-parser/ok/parts/address.inc');
  });

  it('of a pattern reads the files that the reader finds, in its order', () => {
    const files: Readonly<Record<string, string>> = {
      'a.conf': 'include conf.d/*.conf\n',
      'conf.d/1.conf': 'global_defs {\nrouter_id one\n}\n',
      'conf.d/2.conf': 'global_defs {\nlvs_flush\n}\n',
    };
    const patterns: string[] = [];
    const glob = (pattern: string) => {
      patterns.push(pattern);
      return ['conf.d/1.conf', 'conf.d/2.conf'];
    };
    const read = (path: string) => ({ text: files[path] ?? '' });
    const { config, diagnostics } = parseConfig({ read, glob }, 'a.conf');
    expect(patterns).toEqual(['conf.d/*.conf']);
    expect(config.globalDefs).toMatchObject({ routerId: 'one', lvs: { flush: true } });
    expect(diagnostics).toEqual([]);
  });

  it.each([
    ['include', 'warning'],
    ['includer', 'fatal'],
    ['includem', 'fatal'],
    ['includea', 'fatal'],
  ])('by %s of a file that is missing is %s', (keyword, severity) => {
    expect(summary(parseText(`${keyword} /missing\n`))).toEqual([
      `${severity} include-failed: ${keyword} /missing`,
    ]);
  });

  it('has its diagnostics where they stand', () => {
    const result = parseTexts({ 'a.conf': 'include b.conf\n', 'b.conf': '\ncolour red\n' });
    expect(result.diagnostics.map(({ span }) => span)).toEqual([{ file: 'b.conf', start: 1, end: 7 }]);
  });
});

describe('a variable', () => {
  it.each([
    ['$A=x\nglobal_defs {\nrouter_id $A\n}', 'x'],
    [`$A=x\nglobal_defs {\nrouter_id y\${A}z\n}`, 'yxz'],
    ['$A=$B\n$B=x\nglobal_defs {\nrouter_id $A\n}', 'x'],
    ['$A=x\n$A=y\nglobal_defs {\nrouter_id $A\n}', 'y'],
    ['$A="x y"\nglobal_defs {\nrouter_id $A\n}', 'x y'],
    ['$A=router_id x\nglobal_defs {\n$A\n}', 'x'],
    ['$A=global_defs { router_id x }\n$A', 'x'],
    [`$A=\nglobal_defs {\nrouter_id x\${A}\n}`, 'x'],
    ['global_defs {\nrouter_id pa$$word\n}', 'pa$$word'],
    [`global_defs {\nrouter_id "a\${_HASH}b\${_BANG}"\n}`, 'a#b!'],
    [`$OFF=\${_HASH}\nglobal_defs {\nrouter_id a\n$OFF router_id b\n}`, 'a'],
    ['$A=\\\nglobal_defs { \\\nrouter_id x \\\n}\n$A\n', 'x'],
  ])('in %j is replaced', (text, expected) => {
    expect(routerId(text)).toBe(expected);
  });

  it('may be the config-id or the folder of the file', () => {
    expect(routerId(`global_defs {\nrouter_id \${_INSTANCE}\n}`, 'lb01')).toBe('lb01');
    const { config } = parseTexts({ '/etc/x/a.conf': `global_defs {\nrouter_id \${_PWD}\n}` });
    expect(config.globalDefs.routerId).toBe('/etc/x');
  });

  it('leads a diagnostic back to where its value is written', () => {
    const result = parseText('$A=300\nvrrp_instance X {\ninterface eth0\nvirtual_router_id $A\n}\n');
    expect(summary(result)).toContain('fatal invalid-value: 300');
  });

  it('that stands for several lines has them all', () => {
    const [server] = parseFile('test/config-parser/ok/variables.conf', { configId: 'lb01' }).config
      .virtualServers;
    expect(server?.services[0]).toMatchObject({ address: '192.0.2.10' });
  });
});

describe('a line for one config-id', () => {
  const text = `@lb01 $N=one\n@lb02 $N=two\n@^lb01 $M=not-one\n@^lb02 $M=not-two\nglobal_defs {\nrouter_id \${N}-\${M}\n}\n`;
  it.each([
    ['lb01', 'one-not-two'],
    ['lb02', 'two-not-one'],
  ])('is read on %s only', (configId, expected) => {
    expect(routerId(text.replace('$N-', `\${N}-`), configId)).toBe(expected);
  });
});
