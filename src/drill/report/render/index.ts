/** Reports of drills as text, HTML, JSON and JUnit XML: strings out, no I/O. */
export { formatCommand } from './command-line.ts';
export { renderComparisonText } from './render-comparison-text.ts';
export { type HtmlOptions, renderHtml } from './render-html.ts';
export { renderJson } from './render-json.ts';
export { renderJunit } from './render-junit.ts';
export { type ProgressPlace, type ProgressStyle, renderOutcome, renderProgress } from './render-progress.ts';
export { renderText, type TextOptions } from './render-text.ts';
