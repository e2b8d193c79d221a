/**
 * The report as one HTML page that needs nothing but itself: it asks for no other address, is whole without scripts, and
 * prints. Its Content-Security-Policy allows this style and this script by their hashes and nothing else, so that a name
 * in a configuration file could do nothing even if it were not escaped. Pure.
 */
import { createHash } from 'node:crypto';
import type { Comparison } from '../compare.ts';
import type { DrillReport, ScenarioReport } from '../report.ts';
import { closingSection } from './html/closing-section.ts';
import { comparisonSection } from './html/comparison-section.ts';
import { sharedSymbols } from './html/drawing/symbols.ts';
import { environmentSection } from './html/environment-section.ts';
import { type Anchors, clientTiles, headline, problems } from './html/headline.ts';
import { html, Markup } from './html/markup.ts';
import { overview } from './html/overview.ts';
import { pageScript } from './html/page-script.ts';
import { pageStyle } from './html/page-style.ts';
import { scenarioSection } from './html/scenario-section.ts';
import { drilledNodes, verdictWords } from './words.ts';

export interface HtmlOptions {
  /** With a former report. */
  readonly comparison?: Comparison;
}

export function renderHtml(report: DrillReport, { comparison }: HtmlOptions = {}): string {
  const { scenarios } = report;
  const anchors: Anchors = (name) =>
    `scenario-${scenarios.findIndex((scenario) => scenario.name === name) + 1}`;
  const page = html`${head(report)}
<body>
${sharedSymbols()}
<main>
${headline(report)}
${clientTiles(report, anchors)}
${problems(report, anchors)}
${overview(report, anchors)}
${comparison !== undefined && comparisonSection(comparison)}
${scenarioSections(scenarios)}
${environmentSection(report)}
${closingSection(report)}
</main>
<footer>Written by holdfast ${report.environment.holdfast} drill. All of it is in the report as JSON, too.</footer>
<script>${new Markup(pageScript)}</script>
</body>
</html>
`;
  return page.text;
}

function head(report: DrillReport): Markup {
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(pageStyle)}'`,
    `script-src '${hashOf(pageScript)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  // The policy comes first: it governs what follows it.
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${drilledNodes(report)}: failover drill ${verdictWords[report.verdict]}</title>
<style>${new Markup(pageStyle)}</style>
</head>`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** A few are all open; of many only those that did not pass. */
const fewScenarios = 2;

function scenarioSections(scenarios: readonly ScenarioReport[]): Markup | undefined {
  const played = scenarios.filter(({ runs }) => runs.length > 0).length;
  if (scenarios.length === 0) return undefined;
  return html`<section class="scenarios" aria-labelledby="scenarios"><h2 id="scenarios">Scenarios</h2>${scenarios.map(
    (scenario, index) =>
      scenarioSection(scenario, {
        id: `scenario-${index + 1}`,
        isOpen: played <= fewScenarios || (scenario.verdict !== 'pass' && scenario.verdict !== 'skipped'),
      }),
  )}</section>`;
}
