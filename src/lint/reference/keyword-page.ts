/** The reference of the configuration language: every block and every keyword, from the tables. */
import { type BlockSchema, isList } from '../../config-parser/index.ts';
import { allBlocks, type BlockFacts, factsOf, usageOf } from './keywords.ts';

/** Markdown. */
export function keywordPage(): string {
  const blocks = allBlocks();
  const index = blocks.map((facts) => `- [${titleOf(facts)}](#${anchorOf(facts)})\n`).join('');
  return [
    '# Keywords of keepalived.conf\n',
    'Made from the keyword tables by `npm run docs`. `holdfast explain KEYWORD` prints an entry.\n',
    index,
    ...blocks.map(section),
  ].join('\n');
}

function section(facts: BlockFacts): string {
  const entries = Object.entries(facts.block.keywords).map(([name, entry]) => {
    const notes = factsOf(entry).map((fact) => `${fact}.`);
    return `- \`${usageOf(name, entry)}\`: ${[`${entry.doc}.`, ...notes].join(' ')}\n`;
  });
  return `## ${titleOf(facts)}\n\n${opened(facts.block)}${entries.join('')}`;
}

/** Which blocks lead further in. */
function opened({ keywords }: BlockSchema): string {
  const inner = Object.entries(keywords)
    .filter(([, { block }]) => block !== undefined && !isList(block))
    .map(([name]) => `\`${name}\``);
  return inner.length === 0 ? '' : `Blocks inside: ${inner.join(', ')}.\n\n`;
}

function titleOf({ path }: BlockFacts): string {
  return path.length === 0 ? 'Outside of all blocks' : path.join(' > ');
}

/** As the usual renderers make it of a title. */
function anchorOf(facts: BlockFacts): string {
  return titleOf(facts)
    .toLowerCase()
    .replace(/[^a-z0-9_ -]/g, '')
    .replaceAll(' ', '-');
}
