/** A verdict on the page: a sign, a word and a colour, so that no one of them is needed. Pure. */
import type { ReportVerdict } from '../../report.ts';
import { verdictSigns, verdictWords } from '../words.ts';
import { html, type Markup } from './markup.ts';

export function verdictBadge(verdict: ReportVerdict): Markup {
  const word = verdictWords[verdict] ?? 'unknown';
  return html`<span class="badge is-${verdict}"><span aria-hidden="true">${verdictSigns[verdict] ?? '?'}</span> ${word}</span>`;
}

/** For one thing that had to hold. Nothing where nothing limits it. */
export function holdsBadge(holds: boolean | undefined): Markup {
  if (holds === undefined) return html``;
  return holds
    ? html`<span class="badge is-pass"><span aria-hidden="true">✓</span> holds</span>`
    : html`<span class="badge is-fail"><span aria-hidden="true">✗</span> broken</span>`;
}
