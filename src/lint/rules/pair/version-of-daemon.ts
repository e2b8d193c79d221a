import type { Span } from '../../../config-parser/index.ts';
import type { FileModel } from '../../model/index.ts';
import { pairRule } from '../../rule.ts';
import { datedKeywords } from './daemon-words.ts';
import { directors } from './example.ts';
import { listText } from './wording.ts';

/** keepalived.conf(5): keywords of later releases; old_unicast_checksum and v3_checksum_as_v2. */
export const versionOfDaemon = pairRule({
  name: 'pair/version-of-daemon',
  level: 'info',
  summary: 'One file uses words of a later keepalived than the other',
  details: `Directors that run different releases mostly get on: VRRP is a standard. They do not where a release counts
checksums otherwise (unicast before 1.3.6, which is what \`old_unicast_checksum\` is for, and \`v3_checksum_as_v2\`), and where
one signs with \`auth_hmac\`, which came with 2.4. Which release a director runs is not in its file; what the file shows is
words that only later releases know, on one director and not on the other. \`holdfast lint --host\` compares a file with the
keepalived that is installed.`,
  keepalived: 'silent',
  bad: directors({}, { lines: ['v3_checksum_as_v2'] }),
  good: directors({}, {}),
  check: (nodes, report) => {
    const words = nodes.map(wordsOf);
    for (const [index, node] of nodes.entries()) {
      const own = words[index] ?? new Map<string, Word>();
      const other = nodes.find(
        (_, at) => at !== index && [...own.keys()].some((key) => !words[at]?.has(key)),
      );
      if (other === undefined) continue;
      const known = words[nodes.indexOf(other)];
      const lonely = [...own.values()].filter(({ keyword }) => known?.has(keyword) !== true);
      const [first] = lonely;
      if (first === undefined) continue;
      const named = lonely.map(({ keyword, why }) => `${keyword} (${why})`);
      report({
        at: first.span,
        message: `${listText(named)} ${lonely.length === 1 ? 'is' : 'are'} in ${node.name} and not in ${other.name}: make sure that both directors run releases that understand each other`,
        help: 'run the same release on all directors, and write these words on all of them',
      });
    }
  },
});

interface Word {
  readonly keyword: string;
  readonly why: string;
  readonly span: Span;
}

function wordsOf(node: FileModel): ReadonlyMap<string, Word> {
  const words = new Map<string, Word>();
  for (const { keyword, entry, span } of datedKeywords(node)) {
    if (entry.since !== undefined)
      words.set(keyword, { keyword, why: `since keepalived ${entry.since}`, span });
  }
  for (const { values } of node.instances) {
    const old = values.last('old_unicast_checksum');
    if (old === undefined) continue;
    const keyword = 'old_unicast_checksum';
    words.set(keyword, { keyword, why: 'for keepalived before 1.3.6', span: old.heading });
  }
  return words;
}
