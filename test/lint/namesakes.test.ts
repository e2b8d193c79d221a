/** What the parser and a rule of the same name both find is said once, and by the rule where it can. */
import { describe, expect, it } from 'vitest';
import { instanceWith, parseText } from '../config-parser/parse-helpers.ts';
import { lintText } from './conf-harness.ts';

const rule = 'vrrp/strict-preempt-delay';

function parserSays(text: string): number {
  return parseText(text, { fold: false }).diagnostics.filter(({ code }) => `vrrp/${code}` === rule).length;
}

describe('a rule that is called as what the parser says', () => {
  it('says it alone where it finds it too', () => {
    const text = instanceWith('strict_mode', 'preempt_delay 60');
    expect(parserSays(text)).toBe(1);
    const messages = lintText(text, rule).map(({ message }) => message);
    expect(messages).toEqual([expect.stringContaining('takes the addresses at once when it comes back')]);
  });

  it("lends its name to the parser's words where it finds nothing", () => {
    const text = instanceWith('strict_mode', 'state MASTER', 'priority 100', 'preempt_delay 60');
    expect(parserSays(text)).toBe(1);
    expect(lintText(text, rule)).toMatchObject([
      { rule, level: 'error', message: 'strict mode does not allow preempt_delay; it is ignored' },
    ]);
  });
});
