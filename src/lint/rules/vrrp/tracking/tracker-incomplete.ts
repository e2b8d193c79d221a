import type { GivenOf, Span, schema } from '../../../../config-parser/index.ts';
import type { FileModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { block, instance, textOf, tracked } from './example.ts';

type Root = typeof schema.keywords;

/** What a tracker is about: without it there is nothing to look at. */
const subjects = {
  vrrp_script: { words: ['script'], what: 'a command' },
  track_file: { words: ['file'], what: 'a path' },
  vrrp_track_process: { words: ['process'], what: 'a program' },
  bfd_instance: { words: ['neighbor_ip', 'neighbour_ip'], what: 'an address' },
} as const;

/** keepalived.conf(5): vrrp_script, track_file, vrrp_track_process, bfd_instance. */
export const trackerIncomplete = fileRule({
  name: 'vrrp/tracker-incomplete',
  level: 'error',
  summary: 'A tracker without the line that says what it looks at',
  details: `A \`vrrp_script\` needs a \`script\`, a \`track_file\` a \`file\`, a \`vrrp_track_process\` a \`process\` and a
\`bfd_instance\` a \`neighbor_ip\`. keepalived removes a tracker that has none, and then does not find it where it is tracked: the
instance runs without that check, and a failure moves nothing.`,
  keepalived: 'reports',
  bad: textOf(
    block('vrrp_script chk_web', ['interval 2']),
    instance('VI_1', block('track_script', ['chk_web'])),
  ),
  good: tracked(['interval 2']),
  check: (file, report) => {
    for (const { keyword, name, span } of incompleteTrackers(file)) {
      const { words, what } = subjects[keyword];
      const [needed] = words;
      report({
        at: span,
        message: `${keyword} ${name} has no "${needed}" and is removed: what tracks it runs without this check`,
        help: `write "${needed}" and ${what} into this block`,
      });
    }
  },
});

interface Incomplete {
  readonly keyword: keyof typeof subjects;
  readonly name: string;
  readonly span: Span;
}

function incompleteTrackers({ root }: FileModel): readonly Incomplete[] {
  return trackerKeywords.flatMap((keyword) =>
    blocksOf(root, keyword)
      .filter(
        ({ values }) => !values.statements.some((statement) => isSubject(keyword, statement.keyword.value)),
      )
      .map(({ value: name, heading: span }) => ({ keyword, name, span })),
  );
}

const trackerKeywords = ['vrrp_script', 'track_file', 'vrrp_track_process', 'bfd_instance'] as const;

function blocksOf(
  root: FileModel['root'],
  keyword: keyof typeof subjects,
): readonly Pick<GivenOf<Root['vrrp_script']>, 'value' | 'heading' | 'values'>[] {
  return root.all(keyword) as readonly GivenOf<Root['vrrp_script']>[];
}

function isSubject(keyword: keyof typeof subjects, word: string): boolean {
  const words: readonly string[] = subjects[keyword].words;
  return words.includes(word);
}
