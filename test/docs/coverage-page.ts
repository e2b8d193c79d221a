/** docs/vrrp-keywords.md: every word that concerns VRRP, what became of it, and the tests that show it. */
import { type VrrpWord, vrrpWords } from './keywords.ts';
import { kindOf, type Proof, type Verdict } from './verdicts/verdict.ts';
import { verdictOf } from './vrrp-coverage.ts';

const titles: Readonly<Record<string, string>> = {
  '': 'Outside of all blocks',
  address: 'Options of an address',
  route: 'Options of a route',
  rule: 'Options of a rule',
  'a line of track_file': 'Options of a line of track_file',
};

export function coveragePage(): string {
  const words = vrrpWords();
  const blocks = [...new Set(words.map(({ block }) => block))];
  return [
    '# What proves each keyword of VRRP',
    'Made by `npm run docs` from the keyword tables and `test/docs/`. A keyword that a table gains fails a test until it stands here.',
    legend,
    summary(words),
    ...blocks.map((block) =>
      section(
        block,
        words.filter((word) => word.block === block),
      ),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

const legend = `| verdict | means |
|---|---|
| proven | it changes what holdfast does, and the tests named show what |
| settled while reading | all that it does is done when the file is read |
| always so | holdfast does so whether the word is there or not |
| without effect | nothing follows from it, for the reason given |
| not done | read and checked, and the user is told that nothing follows |

The tests are of these kinds: *parse* shows what the word means to the configuration, *core* how the state machines behave, *shell*
what the processes do with stand-ins for the kernel, *kernel* what happens in network namespaces or in the embedded kernel, and
*peer* the same beside keepalived.`;

function summary(words: readonly VrrpWord[]): string {
  const counts = new Map<string, number>();
  for (const word of words) {
    const kind = verdictOf(word)?.kind ?? 'unmarked';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const parts = [...counts].map(([kind, count]) => `${count} ${kind}`);
  return `${words.length} words: ${parts.join(', ')}.`;
}

function section(block: string, words: readonly VrrpWord[]): string {
  const rows = words.map((word) => {
    const verdict = verdictOf(word);
    return `| \`${word.word}\` | ${verdict?.kind ?? 'unmarked'} | ${verdict === undefined ? '' : proofText(verdict)} |`;
  });
  const title = titles[block] ?? (words.length > 0 && isLine(block) ? `Options of ${block}` : block);
  return `## ${title}\n\n| word | verdict | proof |\n|---|---|---|\n${rows.join('\n')}`;
}

/** Not a block of keywords, but the words on the lines of one. */
function isLine(block: string): boolean {
  return /^(?:track_(?:interface|script|process|bfd)|unicast_peer|use_vmac|use_ipvlan)$/.test(block);
}

function proofText(verdict: Verdict): string {
  const why = 'why' in verdict ? [cell(verdict.why)] : [];
  const proofs = 'proofs' in verdict ? verdict.proofs : [];
  return [...why, ...proofs.map(link)].join('<br>');
}

function link(proof: Proof): string {
  return `${kindOf(proof)}: [${cell(proof.title)}](../${proof.file})`;
}

function cell(text: string): string {
  return text.replace(/[|[\]<>*_`$]/g, '\\$&');
}
