/** docs/vrrp-keywords.md and docs/lvs-keywords.md: every word of a subject, what became of it, and the tests that show it. */
import type { CoveredWord } from './keywords.ts';
import { kindOf, type Proof, type Verdict, type Verdicts } from './verdicts/verdict.ts';

/** A subject with all of its words and what is known of them. */
export interface Coverage {
  readonly title: string;
  /** Of the page, from the root of the repository. */
  readonly path: string;
  readonly words: readonly CoveredWord[];
  readonly verdicts: Verdicts;
  /** Of blocks that are not called by their name. */
  readonly headings: Readonly<Record<string, string>>;
}

export function verdictOf(
  { verdicts }: Coverage,
  { block, word }: Pick<CoveredWord, 'block' | 'word'>,
): Verdict | undefined {
  const ofBlock = verdicts[block];
  return ofBlock !== undefined && Object.hasOwn(ofBlock, word) ? ofBlock[word] : undefined;
}

export function coveragePage(coverage: Coverage): string {
  const { title, words } = coverage;
  const blocks = [...new Set(words.map(({ block }) => block))];
  return [
    `# ${title}`,
    'Made by `npm run docs` from the keyword tables and `test/docs/`. A keyword that a table gains fails a test until it stands here.',
    legend,
    summary(coverage),
    ...blocks.map((block) => section(coverage, block)),
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

function summary(coverage: Coverage): string {
  const counts = new Map<string, number>();
  for (const word of coverage.words) {
    const kind = verdictOf(coverage, word)?.kind ?? 'unmarked';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const parts = [...counts].map(([kind, count]) => `${count} ${kind}`);
  return `${coverage.words.length} words: ${parts.join(', ')}.`;
}

function section(coverage: Coverage, block: string): string {
  const words = coverage.words.filter((word) => word.block === block);
  const rows = words.map((word) => {
    const verdict = verdictOf(coverage, word);
    return `| \`${word.word}\` | ${verdict?.kind ?? 'unmarked'} | ${verdict === undefined ? '' : proofText(verdict)} |`;
  });
  const heading = coverage.headings[block] ?? (isLine(block) ? `Options of ${block}` : block);
  return `## ${heading}\n\n| word | verdict | proof |\n|---|---|---|\n${rows.join('\n')}`;
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
