/** What the reader needs afterwards: the command to repeat it, the evidence, and proof that nothing is left. Pure. */
import type { DrillReport } from '../../report.ts';
import { formatCommand } from '../command-line.ts';
import { html, type Markup } from './markup.ts';
import { table } from './table.ts';
import { holdsBadge } from './verdict-badge.ts';

export function closingSection({ command, evidence, cleanUp }: DrillReport): Markup {
  return html`<section aria-labelledby="again"><h2 id="again">Repeat it</h2><pre class="command"><code>${formatCommand(command)}</code></pre></section>
${
  evidence.length > 0 &&
  html`<section aria-labelledby="evidence"><h2 id="evidence">Evidence</h2><ul class="evidence">${evidence.map(
    ({ name, what }) =>
      html`<li><a href="${relativeAddress(name)}">${name}</a> <span class="aside">${what}</span></li>`,
  )}</ul></section>`
}
<section aria-labelledby="clean-up"><h2 id="clean-up">Clean-up</h2>${
    cleanUp === undefined
      ? html`<p>The report was written before the lab was removed, so there is no proof yet.</p>`
      : html`<p>${cleanUp.isClean ? 'Nothing of the drill is left.' : html`<strong>Something of the drill is left.</strong>`}</p>${table(
          {
            caption: 'What was looked at',
            columns: [{ title: 'Check' }, { title: 'Found' }, { title: 'Verdict' }],
            rows: cleanUp.checks.map(({ what, found, holds }) => [what, found, holdsBadge(holds)]),
          },
        )}`
  }</section>`;
}

/** Always a file below the page, whatever its name looks like. */
function relativeAddress(name: string): string {
  const parts = name
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .map((part) => encodeURIComponent(part.replace(/\p{Cs}/gu, '\uFFFD')));
  return `./${parts.join('/')}`;
}
