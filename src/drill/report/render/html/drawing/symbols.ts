/** Shapes and hatchings that all drawings of the page share, and the legend that explains them. Pure. */
import type { PointKind, SpanKind, Timeline } from '../../../report.ts';
import { pointWords, spanWords } from '../../words.ts';
import { html, type Markup } from '../markup.ts';

/** Around 0,0, at most 12 wide: told apart by form, not only by colour. */
const shapes: Partial<Record<PointKind, string>> = {
  'priority-zero': 'M0-6L6 0L0 6L-6 0Z',
  announcement: 'M0-6L6 5H-6Z',
  'address-added': 'M-2-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z',
  'address-removed': 'M-6-2H6V2H-6Z',
  'connection-lost': 'M-6-4L-4-6L0-2L4-6L6-4L2 0L6 4L4 6L0 2L-4 6L-6 4L-2 0Z',
  'neighbour-changed': 'M-5 0A5 5 0 1 0 5 0A5 5 0 1 0-5 0ZM-2 0A2 2 0 1 1 2 0A2 2 0 1 1-2 0Z',
  'server-out': 'M-6-5H6L0 6Z',
  'server-back': 'M0-6L6 5H-6Z',
  notification: 'M-5-6H5V3H0L-3 6V3H-5Z',
  log: 'M-3 0A3 3 0 1 0 3 0A3 3 0 1 0-3 0Z',
};

/** Once in the page, before the first drawing. */
export function sharedSymbols(): Markup {
  const marks = Object.entries(shapes).map(
    ([kind, path]) => html`<path id="mark-${kind}" d="${path}" fill-rule="evenodd"/>`,
  );
  return html`<svg class="shared" width="0" height="0" aria-hidden="true" focusable="false"><defs>${marks}${hatching('failing', 45)}${hatching('none', -45)}${hatching('fault', 90)}
<pattern id="hatch-double" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="hatch-ground" width="6" height="6"/><path class="hatch-line" d="M0 0L6 6M6 0L0 6"/></pattern></defs></svg>`;
}

function hatching(name: string, degrees: number): Markup {
  return html`<pattern id="hatch-${name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(${degrees})"><rect class="hatch-ground" width="6" height="6"/><rect class="hatch-line" width="3" height="6"/></pattern>`;
}

/** Only of what this drawing shows. */
export function legend({ spans, points }: Timeline): Markup {
  const spanKinds = [...new Set(spans.map(({ kind }) => kind))].filter((kind) => kind !== 'phase');
  const pointKinds = [...new Set(points.map(({ kind }) => kind))].filter(isDrawn);
  return html`<ul class="legend">${spanKinds.map(
    (kind: SpanKind) =>
      html`<li><svg width="26" height="12" aria-hidden="true"><rect class="span-${kind}" x="1" y="1" width="24" height="10"/></svg>${spanWords[kind] ?? kind}</li>`,
  )}${pointKinds.map(
    (kind) =>
      html`<li><svg width="14" height="14" aria-hidden="true">${
        shapes[kind] === undefined
          ? html`<path class="stroke-${kind}" d="M7 1v12"/>`
          : html`<use class="mark-${kind}" href="#mark-${kind}" x="7" y="7"/>`
      }</svg>${pointWords[kind] ?? kind}</li>`,
  )}</ul>`;
}

function isDrawn(kind: PointKind): boolean {
  return kind !== 'inject' && kind !== 'restore' && kind !== 'settled';
}
