/** The examples that come with holdfast: nothing is wrong with them, for any rule that is asked every day. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/config-parser/index.ts';
import { allRules } from '../../src/lint/rules/index.ts';
import { repository } from '../config-parser/parse-helpers.ts';
import { lintText } from './conf-harness.ts';

/** Those of the tutorial are printed there as they are, old words and all; tutorial.test.ts has them. */
const ofTutorial = /^lb0[12]/;
const names = readdirSync(`${repository}examples`).filter(
  (name) => name.endsWith('.conf') && !ofTutorial.test(name),
);
/** What only newer releases know is shown on purpose, and a comment in the file says so. */
const shownOnPurpose = 'conf/version-mismatch';
const everyDay = allRules
  .filter(({ isStrictOnly, name }) => isStrictOnly !== true && name !== shownOnPurpose)
  .map(({ name }) => name);

function textOf(name: string): string {
  return readFileSync(`${repository}examples/${name}`, 'utf8');
}

describe('an example', () => {
  it.each(names)('%s has nothing to be warned of', (name) => {
    const findings = lintText(textOf(name), ...everyDay).filter(({ level }) => level !== 'info');
    expect(findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
  });

  it('shows each way to track something', () => {
    const text = names.map(textOf).join('\n');
    const lists = Object.keys(schema.keywords.vrrp_sync_group.block?.keywords ?? {}).filter((keyword) =>
      keyword.startsWith('track_'),
    );
    expect(lists).toHaveLength(5);
    expect(lists.filter((keyword) => !text.includes(`${keyword} {`))).toEqual([]);
  });
});
