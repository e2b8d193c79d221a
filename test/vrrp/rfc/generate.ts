/** What scripts/generate-rfc-table.mjs loads: the page from the texts of the test files. */
import { coveragePage } from './coverage-page.ts';
import { defects } from './defects.ts';
import { requirements } from './requirements.ts';
import { namedTests, type TestFile } from './titles.ts';

/** Where tests name requirements. */
export const namingFiles: readonly string[] = [
  'rfc5798-packets',
  'rfc5798-states',
  'rfc5798-reception',
  'rfc5798-sending',
  'rfc9568',
  'rfc5798-defects',
].map((name) => `test/vrrp/${name}.test.ts`);

/** `read` is given the path of a file in the repository. */
export function generatedPage(read: (file: string) => string): string {
  const files: readonly TestFile[] = namingFiles.map((file) => ({ file, text: read(file) }));
  return coveragePage(requirements, defects, namedTests(files));
}
