/** The pages of what proves each keyword: path and text, for the script that writes them. */
import { type Coverage, coveragePage } from './coverage-page.ts';
import { lvsCoverage } from './lvs-coverage.ts';
import { vrrpCoverage } from './vrrp-coverage.ts';

const coverages: readonly Coverage[] = [vrrpCoverage, lvsCoverage];

export function coveragePages(): readonly (readonly [path: string, text: string])[] {
  return coverages.map((coverage) => [coverage.path, coveragePage(coverage)]);
}
