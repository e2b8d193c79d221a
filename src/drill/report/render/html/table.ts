/** Tables of the page: every one with a caption, headed columns, and numbers to the right. Pure. */
import { type Child, html, type Markup } from './markup.ts';

export interface Column {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
}

export interface TableParts {
  readonly caption: Child;
  readonly columns: readonly Column[];
  /** The first cell of each heads its row. */
  readonly rows: readonly (readonly Child[])[];
  /** Words for the class attribute. */
  readonly style?: string;
}

/** A table of more rows may be broken by the end of a printed page. */
const mostUnbroken = 15;

/** Nothing at all where there are no rows. On a narrow screen rows become cards; the roles keep it a table. */
export function table(parts: TableParts): Markup | undefined {
  const { caption, columns, rows, style } = parts;
  if (rows.length === 0) return undefined;
  return html`<div class="scrolls"><table class="${style ?? 'plain'}${rows.length > mostUnbroken && ' is-long'}" role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map((column) => html`<th role="columnheader" scope="col"${classOf(column)}>${column.title}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => tableRow(columns, row))}</tbody></table></div>`;
}

function tableRow(columns: readonly Column[], cells: readonly Child[]): Markup {
  return html`<tr role="row">${cells.map((cell, index) => {
    const column = columns[index] ?? { title: '' };
    return index === 0
      ? html`<th role="rowheader" scope="row"${classOf(column)}>${cell}</th>`
      : html`<td role="cell" data-label="${column.title}"${classOf(column)}>${cell}</td>`;
  })}</tr>
`;
}

function classOf({ isNumber }: Column): Markup {
  return isNumber ? html` class="number"` : html``;
}
