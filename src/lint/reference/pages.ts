/** Every page of the reference by its path in the repository. */
import { allRules } from '../rules/index.ts';
import { keywordPage } from './keyword-page.ts';
import { ruleIndex, rulePage } from './rule-page.ts';

export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/keywords.md', keywordPage()],
    ['docs/rules/index.md', ruleIndex(allRules)],
    ...allRules.map((rule) => [`docs/rules/${rule.name}.md`, rulePage(rule)] as const),
  ]);
}
