/** docs/rfc-coverage.md as text: every requirement with what becomes of it, and the tests that show it. Pure. */
import type { Defect, Requirement, Side, Verdict } from './requirement.ts';
import type { NamedTest } from './titles.ts';

/** The tests of a requirement: those that name it, then those that it names. */
export function testsOf(
  requirement: Requirement,
  named: readonly NamedTest[],
  side: Side,
): readonly NamedTest[] {
  const { id } = requirement;
  const own = named.filter((test) => test.id === id && test.side === side);
  const others = requirement.elsewhere?.[side] ?? [];
  return [...own, ...others.map((test): NamedTest => ({ ...test, id, side }))];
}

export function coveragePage(
  requirements: readonly Requirement[],
  defects: readonly Defect[],
  named: readonly NamedTest[],
): string {
  return [
    ...introduction(requirements),
    ...sections.flatMap(([heading, prefix]) => {
      const rows = requirements.filter(({ id }) => id.startsWith(prefix));
      return [`## ${heading}`, '', ...requirementTable(rows, named), ''];
    }),
    ...defectTable(defects, named),
    '',
  ].join('\n');
}

const sections = [
  ['RFC 5798 section 5: the packet', '5798-5'],
  ['RFC 5798 section 6: the state machine', '5798-6'],
  ['RFC 5798 section 7: sending and receiving', '5798-7'],
  ['RFC 5798 section 8: operation', '5798-8'],
  ['RFC 9568: what it changes', '9568-'],
] as const;

function introduction(requirements: readonly Requirement[]): readonly string[] {
  const count = (kind: Verdict['kind']) => requirements.filter(({ verdict }) => verdict.kind === kind).length;
  return [
    '# VRRP, sentence by sentence',
    '',
    'Made from the list in test/vrrp/rfc/ and the titles of the tests by `npm run docs`.',
    '',
    'What RFC 5798 asks in sections 5 to 8 and what RFC 9568 changes, in our words, what holdfast does, and the tests that show',
    'it: *does* is what we do, *refuses* what we do not. An id is RFC, section and, in the state machine of RFC 5798, the number of',
    'the step. The level is in capitals where the text has it so; *rule* is a sentence without such a word.',
    '',
    `Of ${requirements.length} sentences holdfast follows ${count('follows')}, departs from ${count('departs')} in what is said there, and ` +
      `${count('not ours')} are for the kernel or the host.`,
    '',
  ];
}

function requirementTable(rows: readonly Requirement[], named: readonly NamedTest[]): readonly string[] {
  return [
    '| id | level | what is asked | holdfast | tests |',
    '|---|---|---|---|---|',
    ...rows.map((requirement) => {
      const tests = (['does', 'refuses'] as const).flatMap((side) => testsOf(requirement, named, side));
      const { id, level, summary, verdict } = requirement;
      const cells = [
        `\`${id}\``,
        level,
        summary,
        verdictText(verdict),
        testList(tests, requirement.oneSided),
      ];
      return row(cells);
    }),
  ];
}

function defectTable(defects: readonly Defect[], named: readonly NamedTest[]): readonly string[] {
  return [
    '## Mistakes of other implementations',
    '',
    'Each was seen in a program in use, and a test rules it out here.',
    '',
    '| id | the mistake | tests |',
    '|---|---|---|',
    ...defects.map(({ id, summary }) =>
      row([`\`${id}\``, summary, testList(named.filter((test) => test.id === id))]),
    ),
  ];
}

function verdictText(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'follows':
      return verdict.note === undefined ? 'follows' : `follows: ${verdict.note}`;
    case 'departs':
      return `**departs**: ${verdict.why} (${link(verdict.where.file)})`;
    case 'not ours':
      return `not ours, the ${verdict.whose}'s: ${verdict.why}`;
  }
}

function testList(tests: readonly NamedTest[], oneSided?: string): string {
  const lines = tests.map(({ file, title, side }) => {
    const sentence = title.replace(/^(?:5798|9568)-.*? (?:does|refuses): |^defect-[\w-]+: /, '');
    return `${side === undefined ? '' : `*${side}*: `}${text(sentence)} (${link(file)})`;
  });
  const reason = oneSided === undefined ? [] : [`(no more: ${oneSided})`];
  return [...lines, ...reason].join('<br>');
}

function link(file: string): string {
  const name = file.split('/').at(-1) ?? file;
  return `[${name}](../${file})`;
}

/** Titles have angle brackets and placeholders that are no markup. */
function text(sentence: string): string {
  return sentence.replaceAll('<', '&lt;').replaceAll('\\', '').replaceAll('*', '\\*');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
