/** Reads XML, or HTML that closes what it opens, strictly: what is not balanced, quoted or escaped is a problem. */

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (Element | string)[];
}

export interface ReadMarkup {
  readonly root: Element;
  readonly problems: readonly string[];
}

const voids = new Set(['meta', 'link', 'br', 'hr', 'img', 'input']);
const raw = new Set(['script', 'style']);
const token =
  /<!doctype html>|<\?xml[^>]*\?>|<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>|[^<]+|</gy;

export function readMarkup(text: string, kind: 'html' | 'xml'): ReadMarkup {
  const problems: string[] = [];
  const root: MutableElement = { name: '', attributes: new Map(), children: [] };
  const open: MutableElement[] = [root];
  token.lastIndex = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [whole, slash, name, attributes = '', selfClosing] = found;
    const top = open.at(-1) ?? root;
    if (name === undefined) {
      if (whole === '<')
        problems.push(`a stray < before ${text.slice(token.lastIndex, token.lastIndex + 30)}`);
      else if (!whole.startsWith('<')) top.children.push(decode(whole, problems));
    } else if (slash === '/') {
      if (top.name === name) open.pop();
      else problems.push(`</${name}> closes <${top.name}>`);
    } else {
      const element = { name, attributes: readAttributes(attributes, problems), children: [] };
      top.children.push(element);
      if (kind === 'html' && raw.has(name)) {
        const end = text.indexOf(`</${name}>`, token.lastIndex);
        open.push(element);
        element.children.push(text.slice(token.lastIndex, end) as never);
        token.lastIndex = end;
      } else if (selfClosing !== '/' && !(kind === 'html' && voids.has(name))) open.push(element);
    }
  }
  for (const { name } of open.slice(1)) problems.push(`<${name}> is never closed`);
  return { root, problems };
}

interface MutableElement extends Element {
  readonly children: (Element | string)[];
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function decode(text: string, problems: string[]): string {
  return text.replace(/&(?:(amp|lt|gt|quot|#39);)?/g, (whole, name: string | undefined) => {
    if (name === undefined) problems.push(`a stray & in ${text.slice(0, 40)}`);
    return name === undefined ? whole : (entities[name] ?? whole);
  });
}

function readAttributes(text: string, problems: string[]): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)) {
    if (attributes.has(name)) problems.push(`${name} is there twice`);
    attributes.set(name, decode(value, problems));
  }
  return attributes;
}

/** All elements below, in the order of the document. */
export function all(element: Element, name?: string): readonly Element[] {
  return element.children.flatMap((child) =>
    typeof child === 'string'
      ? []
      : [...(name === undefined || child.name === name ? [child] : []), ...all(child, name)],
  );
}

export function textOf(element: Element): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

export function withClass(element: Element, word: string): readonly Element[] {
  return all(element).filter(({ attributes }) => attributes.get('class')?.split(' ').includes(word) === true);
}
