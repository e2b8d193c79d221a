/** HTML that escapes by default: a template's values are text, unless they are markup themselves. Pure. */
import { escapeMarkup } from '../safe-text.ts';

/** A class, so that nothing read from a JSON file can pass for markup. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Nothing is written for undefined and false. */
export type Child = string | number | Markup | undefined | false | readonly Child[];

/** html`<p>${text}</p>`: for elements and for attributes, which must be in quotes. */
export function html(parts: TemplateStringsArray, ...children: readonly Child[]): Markup {
  return new Markup(
    parts.map((part, index) => part + (index < children.length ? textOf(children[index]) : '')).join(''),
  );
}

function textOf(child: Child): string {
  if (child === undefined || child === false) return '';
  if (child instanceof Markup) return child.text;
  if (typeof child === 'string') return escapeMarkup(child);
  if (typeof child === 'number') return String(child);
  return child.map(textOf).join('');
}
