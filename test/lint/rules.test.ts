import { describe, expect, it } from 'vitest';
import { allRules } from '../../src/lint/rules/index.ts';
import { describeFindings, findingsOf, modelsOf } from './rule-harness.ts';

describe.each(allRules.map((rule) => ({ ...rule, rule })))('$name', ({ name, bad, good, rule }) => {
  it('reports what its bad example shows, in the words of its golden file', async () => {
    const findings = findingsOf(rule, bad).filter((finding) => finding.rule === name);
    expect(findings.length).toBeGreaterThan(0);
    const text = describeFindings(findings, modelsOf(rule, bad));
    await expect(text).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it('reports nothing in its good example', () => {
    const findings = findingsOf(rule, good).filter((finding) => finding.rule === name);
    expect(findings.map(({ message }) => message)).toEqual([]);
  });

  it('has a good example without an error of any rule', () => {
    const findings = findingsOf(rule, good).filter(({ level }) => level === 'error');
    expect(findings.map((finding) => `${finding.rule}: ${finding.message}`)).toEqual([]);
  });

  it('puts every finding at a place, and says it in one sentence without a full stop', () => {
    for (const { message, help, span } of findingsOf(rule, bad).filter((finding) => finding.rule === name)) {
      expect(span, message).toBeDefined();
      for (const text of [message, help ?? 'x']) expect(text).toMatch(/^[^\n]*[^.\n]$/);
    }
  });
});
