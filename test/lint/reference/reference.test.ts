import { describe, expect, it } from 'vitest';
import { schema } from '../../../src/config-parser/index.ts';
import { effective, printEffective } from '../../../src/lint/reference/effective.ts';
import { explain } from '../../../src/lint/reference/explain.ts';
import { keywordPage } from '../../../src/lint/reference/keyword-page.ts';
import { allBlocks, allSpellings, findMeanings } from '../../../src/lint/reference/keywords.ts';
import { ruleIndex, rulePage } from '../../../src/lint/reference/rule-page.ts';
import { allRules } from '../../../src/lint/rules/index.ts';
import { parseText, parseTexts } from '../../config-parser/parse-helpers.ts';

describe('the reference', () => {
  it('has every block and every keyword of the tables', () => {
    const page = keywordPage();
    for (const { block } of allBlocks()) {
      for (const keyword of Object.keys(block.keywords)) expect(page).toContain(`\`${keyword}`);
    }
  });

  it('explains every spelling of every keyword', () => {
    for (const word of allSpellings()) expect(explain(word, []), word).toContain(findMeanings(word)[0]?.name);
  });

  it('says in which blocks a keyword stands, and that an old word is one', () => {
    expect(explain('connect_timeout', [])).toContain('virtual_server > real_server > TCP_CHECK');
    expect(explain('lvs_sched', [])).toContain('lb_algo');
  });

  it('knows no word that is neither a keyword nor a rule', () => {
    expect(explain('no_such_word', allRules)).toBeUndefined();
  });

  it('explains every rule with both examples, and lists it in the index', () => {
    const index = ruleIndex(allRules);
    for (const rule of allRules) {
      expect(index).toContain(`(${rule.name}.md)`);
      for (const text of [explain(rule.name, allRules), rulePage(rule)]) {
        expect(text).toContain(rule.summary);
        expect(text).toContain('Not reported');
      }
    }
  });
});

const text = `$PRIO=150
vrrp_instance VI_1 {
@lb01 priority $PRIO
@lb02 priority 100
interface eth0
virtual_router_id 7 # a comment
include addresses.conf
advert_int 2
advert_int 3
}
`;
const files = { 'main.conf': text, 'addresses.conf': 'virtual_ipaddress { 192.0.2.10/24 }\n' };

describe('the effective configuration', () => {
  const { values, config } = parseTexts(files, { configId: 'lb01' });
  const printed = printEffective(effective(values));

  it('has includes, variables and conditions worked out, and only the value that counts', () => {
    expect(printed).toContain('    priority 150\n');
    expect(printed).toContain('    virtual_ipaddress {\n        192.0.2.10/24\n    }\n');
    expect(printed).toContain('    advert_int 3\n');
    expect(printed).not.toMatch(/advert_int 2|@lb|\$PRIO|include|a comment/);
  });

  it('has the defaults of its blocks, marked as such', () => {
    expect(printed).toContain('    # default: state BACKUP\n');
    expect(printed).not.toMatch(/priority 100/);
  });

  it('means the same Config when it is read again', () => {
    expect(parseText(printed).config).toEqual(config);
  });

  it('is plain data for JSON', () => {
    const data = effective(values);
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
    expect(Object.keys(schema.keywords)).toContain(data[0]?.keyword);
  });
});
