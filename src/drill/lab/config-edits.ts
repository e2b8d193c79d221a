/** Changes to a copied configuration for drills of reloading: a real server less, and a text that does not parse. Pure. */
import { parseSource } from '../../config-parser/index.ts';

/** The text without the last real server of the first virtual server that has two; undefined where none has. */
export function withoutOneServer(text: string): string | undefined {
  const { shapes } = parseSource({ name: 'copy', text }).file;
  let depth = 0;
  let inService = 0;
  let current: { from: number; depth: number } | undefined;
  let servers: { from: number; to: number }[] = [];
  for (const [index, { form, statement }] of shapes.entries()) {
    if (form === 'open') {
      depth += 1;
      if (statement?.keyword === 'virtual_server') {
        inService = depth;
        servers = [];
      }
      if (statement?.keyword === 'real_server' && inService > 0) current = { from: index, depth };
    }
    if (form !== 'close') continue;
    if (current?.depth === depth) {
      servers.push({ from: current.from, to: index });
      current = undefined;
    }
    if (depth === inService) {
      const last = servers.at(-1);
      if (last !== undefined && servers.length > 1) return without(shapes, last);
      inService = 0;
    }
    depth -= 1;
  }
  return undefined;
}

function without(
  shapes: readonly { readonly text: string }[],
  { from, to }: { readonly from: number; readonly to: number },
): string {
  return shapes
    .filter((_, index) => index < from || index > to)
    .map(({ text }) => text)
    .join('');
}

/** A block that is never closed: what a slip of the editor leaves. */
export function broken(text: string): string {
  return `${text}\nvrrp_instance BROKEN_BY_THE_DRILL {\n    priority not-a-number\n`;
}
