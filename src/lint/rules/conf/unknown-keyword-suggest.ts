import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

export const unknownKeywordSuggest = diagnosticRule({
  name: 'conf/unknown-keyword-suggest',
  level: 'error',
  summary: 'A keyword is not known where it stands',
  details: `keepalived skips a line whose keyword it does not know, and goes on with the default. Mostly the word is mistyped,
stands in the wrong block, or a closing brace is missing above so that what should stand outside stands inside. The help names
the keyword that is nearest, or the blocks that know the word. \`--unsafe-fixes\` writes the nearest one.`,
  keepalived: 'reports',
  bad: textOf(instance('VI_1', ['prioritty 150', 'delay_loop 6'])),
  good: textOf(instance('VI_1', ['priority 150'])),
  claims: ({ code }) => code === 'unknown-keyword',
  improve: ({ reason, suggestion, span }) => {
    if (reason !== 'near' || suggestion === undefined || span === undefined) return {};
    const { file, start, end } = span;
    return {
      fix: {
        title: `write "${suggestion}"`,
        isSafe: false,
        edits: [{ span: { file, start, end }, text: suggestion }],
      },
    };
  },
});
