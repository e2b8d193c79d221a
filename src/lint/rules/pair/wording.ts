/** Notes that say which instance of the other director is meant, and why it is taken for the counterpart. */
import type { Note, Span } from '../../../config-parser/index.ts';
import type { Member } from './match-instances.ts';

/** At the first member; says why the two are compared where their names do not say it. */
export function noteAt(first: Member, second: Member, span: Span, text: string): Note {
  const { instance, node } = first;
  // The place names the node already, unless the text stands in a file that it includes.
  const said = span.file === node.name ? text : `${node.name}: ${text}`;
  if (instance.name === second.instance.name) return { span, message: said };
  const because = first.because === '' ? second.because : first.because;
  return { span, message: `${said}, in ${instance.name}; the two are compared because ${because}` };
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listText(items: readonly string[], longest = 4): string {
  const shown = items.length > longest ? items.slice(0, longest - 1) : items;
  const rest = items.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest} more`] : shown;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Milliseconds as seconds: `0.5 s`. */
export function secondsText(ms: number): string {
  return `${ms / 1000} s`;
}
