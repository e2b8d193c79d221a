/** The formats of `holdfast lint --format`. The face of this folder to the others. */
import { formatConcise } from './concise.ts';
import { formatGithub } from './github.ts';
import { formatJson } from './json.ts';
import type { Format } from './report.ts';
import { formatSarif } from './sarif.ts';
import { formatText } from './text.ts';

export type { Format, FormatOptions, LintReport } from './report.ts';

export type FormatName = 'text' | 'concise' | 'json' | 'sarif' | 'github';

export const formats: Readonly<Record<FormatName, Format>> = {
  text: formatText,
  concise: formatConcise,
  json: formatJson,
  sarif: formatSarif,
  github: formatGithub,
};
