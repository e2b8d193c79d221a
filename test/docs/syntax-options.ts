/** The words of a usage line that a user may write: `[dev <interface>] [brd <ip>|+]` has dev and brd. */

interface Group {
  /** The text outside of inner brackets, alternatives apart. */
  readonly alternatives: readonly Alternative[];
}

interface Alternative {
  readonly text: string;
  readonly inner: readonly Group[];
}

/** Of options inside of an option the whole way: `nexthop > via`, `encap ip > ttl`. */
export function optionsIn(syntax: string): readonly string[] {
  return groupOf(syntax).alternatives.flatMap(({ inner }) => [...inner.flatMap((group) => wordsOf(group))]);
}

function wordsOf({ alternatives }: Group): readonly string[] {
  const [first] = alternatives;
  if (first === undefined) return [];
  const names = literals(first.text.trim().split(' ')[0] ?? '');
  if (alternatives.length === 1)
    return [...names, ...first.inner.flatMap((group) => nested(names[0], group))];
  // `encap mpls <label> | ip [ttl <0-255>] | ila <locator>`: the option's word stands before the first alternative.
  const [name = ''] = names;
  const kinds = alternatives.map(({ text, inner }, at) => ({
    kind: text.trim().split(' ')[at === 0 ? 1 : 0] ?? '',
    inner,
  }));
  return [
    name,
    ...kinds.map(({ kind }) => `${name} ${kind}`),
    ...kinds.flatMap(({ kind, inner }) => inner.flatMap((group) => nested(`${name} ${kind}`, group))),
  ];
}

/** What stands in an option: an option of its own where the outer one is only an order (`[name] <interface>`). */
function nested(outer: string | undefined, group: Group): readonly string[] {
  const [first] = group.alternatives;
  const words = literals(first?.text.trim().split(' ')[0] ?? '');
  return words.map((word) => (outer === undefined || outer === 'weight' ? word : `${outer} > ${word}`));
}

/** `reverse|noreverse` is two words, `<ip>` and `/` are none. */
function literals(text: string): readonly string[] {
  return text.split('|').filter((part) => /^-?[a-z][\w-]*$/.test(part));
}

function groupOf(text: string): Group {
  return readGroup(text, 0).group;
}

function readGroup(text: string, from: number): { readonly group: Group; readonly end: number } {
  const alternatives: { text: string; inner: Group[] }[] = [{ text: '', inner: [] }];
  let at = from;
  for (; at < text.length && text[at] !== ']'; at += 1) {
    const current = alternatives.at(-1);
    if (current === undefined) break;
    if (text[at] === '[') {
      const { group, end } = readGroup(text, at + 1);
      current.inner.push(group);
      at = end;
    } else if (text.startsWith(' | ', at)) {
      alternatives.push({ text: '', inner: [] });
      at += 2;
    } else current.text += text[at];
  }
  return { group: { alternatives }, end: at };
}
