import { parseSource, type Source, type Span } from '../../../config-parser/index.ts';
import type { FileModel } from '../../model/index.ts';
import { pairRule } from '../../rule.ts';
import { listText } from './wording.ts';

const shared = (second: string) => `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 7
    @lb01 priority 150
    ${second}
    virtual_ipaddress {
        192.0.2.10/24
    }
}
`;

/** keepalived.conf(5): conditional configuration; keepalived(8): --config-id. */
export const configIdConditional = pairRule({
  name: 'pair/config-id-conditional',
  level: 'info',
  summary: 'A keyword has a line for one config-id and none for another',
  details: `A line that begins with \`@lb01\` counts only on the director whose config-id is \`lb01\`; that is the name given
with \`-i\`, else the host's name up to the first dot. In a file for several directors a keyword is written once for each. An
id that was forgotten leaves the director without the keyword: without \`interface\` or \`virtual_router_id\` it does not
start, without \`priority\` it has 100. The ids are those that stand in the files; of a director whose id stands nowhere the
files say nothing. \`@^lb01\` counts on all others.`,
  keepalived: 'silent',
  bad: { 'lb01.conf': shared('@lb01 advert_int 1'), 'lb02.conf': shared('@lb02 advert_int 1') },
  good: { 'lb01.conf': shared('@lb02 priority 100'), 'lb02.conf': shared('@lb02 priority 100') },
  check: (nodes, report) => {
    const sources = sourcesOf(nodes).filter(({ text }) => /^[ \t]*@/m.test(text));
    const files = sources.map(conditionalLines);
    const ids = idsOf(files.flat(), nodes);
    for (const lines of files) {
      for (const { keyword, missing, span } of gapsOf(lines, ids)) {
        report({
          at: span,
          message: `${keyword} has a line for ${listText(ids.filter((id) => !missing.includes(id)))} and none for ${listText(missing)}: there ${consequenceOf(keyword)}`,
          help: `add a line "@${missing[0]} ${keyword} ...", or write @^ in front of the id for all others`,
        });
      }
    }
  },
});

/**
 * The ids that stand for directors: those that choose what a director needs, and names of the nodes. Others choose features.
 */
function idsOf(lines: readonly ConditionalLine[], nodes: readonly FileModel[]): readonly string[] {
  const names = new Set(nodes.flatMap(namesOf));
  const ids = lines.flatMap(({ id, isNot, keyword }) => {
    if (id === undefined || isNot) return [];
    return Object.hasOwn(consequences, keyword) || names.has(id) ? [id] : [];
  });
  return [...new Set(ids)];
}

/** `lb01` of `lb01.conf`, `lb01/keepalived.conf` and `keepalived.conf (-i lb01)`. */
function namesOf({ name }: FileModel): readonly string[] {
  const chosen = /\(-i (.+)\)$/.exec(name)?.[1];
  if (chosen !== undefined) return [chosen];
  const [file = '', folder] = name.split('/').toReversed();
  return [file.replace(/\.conf$/, ''), ...(folder === undefined ? [] : [folder])];
}

/** What a director needs or is told apart by, and what it does without. */
const consequences: Readonly<Record<string, string>> = {
  interface: 'keepalived does not start',
  virtual_router_id: 'keepalived does not start',
  priority: 'the priority is 100',
  state: 'the instance starts as BACKUP',
  unicast_src_ip: 'advertisements come from the first address of the interface',
  mcast_src_ip: 'advertisements come from the first address of the interface',
  router_id: 'it is called by the name of the host',
};

function consequenceOf(keyword: string): string {
  return consequences[keyword] ?? '';
}

function sourcesOf(nodes: readonly FileModel[]): readonly Source[] {
  const sources = new Map<string, Source>();
  for (const { resolved } of nodes) for (const [name, source] of resolved.sources) sources.set(name, source);
  return [...sources.values()];
}

interface ConditionalLine {
  /** Undefined: for all. */
  readonly id: string | undefined;
  readonly isNot: boolean;
  readonly keyword: string;
  /** Which block it stands in, counted from the beginning of the file. */
  readonly block: number;
  readonly span: Span;
}

function conditionalLines(source: Source): readonly ConditionalLine[] {
  const found: ConditionalLine[] = [];
  const open: number[] = [0];
  let blocks = 0;
  for (const { start, shape } of parseSource(source).file.lines) {
    const words = shape.tokens.filter(({ kind }) => kind === 'word' || kind === 'quoted');
    const [first, second] = words;
    const isConditional = first?.text.startsWith('@') === true;
    const keyword = (isConditional ? second : first)?.text ?? '';
    if (first !== undefined && (isConditional || Object.hasOwn(consequences, keyword))) {
      const last = words.at(-1) ?? first;
      found.push({
        id: isConditional ? first.text.replace(/^@\^?/, '') : undefined,
        isNot: first.text.startsWith('@^'),
        keyword,
        block: open.at(-1) ?? 0,
        span: { file: source.name, start: start + first.start, end: start + last.start + last.text.length },
      });
    }
    for (const { kind } of shape.tokens) {
      if (kind === 'open') {
        blocks += 1;
        open.push(blocks);
      }
      if (kind === 'close') open.pop();
    }
  }
  return found;
}

interface Gap {
  readonly keyword: string;
  readonly missing: readonly string[];
  readonly span: Span;
}

function gapsOf(lines: readonly ConditionalLine[], ids: readonly string[]): readonly Gap[] {
  const groups = new Map<string, ConditionalLine[]>();
  for (const line of lines) {
    if (!Object.hasOwn(consequences, line.keyword)) continue;
    const key = `${line.block} ${line.keyword}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].flatMap((group) => {
    const missing = ids.filter((id) => !group.some((line) => covers(line, id)));
    const last = group.at(-1);
    if (last === undefined || missing.length === 0) return [];
    return [{ keyword: last.keyword, missing, span: last.span }];
  });
}

function covers({ id, isNot }: ConditionalLine, wanted: string): boolean {
  if (id === undefined) return true;
  return isNot ? id !== wanted : id === wanted;
}
