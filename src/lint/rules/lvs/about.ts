/** Which of the parser's diagnostics a rule claims. */
import type { Diagnostic } from '../../../config-parser/index.ts';

/** True for a diagnostic of that code about one of these keywords, as they stand in one of these blocks. */
export function isAbout(
  { code, subject }: Diagnostic,
  wanted: { readonly code: string; readonly blocks: readonly string[]; readonly keywords: readonly string[] },
): boolean {
  return (
    code === wanted.code &&
    subject !== undefined &&
    wanted.blocks.includes(subject.block) &&
    wanted.keywords.includes(subject.keyword)
  );
}
