/** Finds in the text of test files which requirements and which mistakes of others their tests name. */
import type { Side, TestReference } from './requirement.ts';

/** A test that names `id`; without a side it rules a mistake out. */
export interface NamedTest extends TestReference {
  readonly id: string;
  readonly side: Side | undefined;
}

export interface TestFile {
  /** Relative to the repository. */
  readonly file: string;
  readonly text: string;
}

/** A string that begins with ids and "does:" or "refuses:", or with the id of a mistake, as the first argument of a test. */
const namedTitle =
  /(['"`])((?:(?:5798|9568)-[\w.-]+(?:, (?:5798|9568)-[\w.-]+)* (does|refuses)|defect-[\w-]+): (?:\\.|(?!\1).)+)\1,/g;

/** In the order of the files, and in each file of its lines. */
export function namedTests(files: readonly TestFile[]): readonly NamedTest[] {
  return files.flatMap(({ file, text }) =>
    [...withoutComments(text).matchAll(namedTitle)].flatMap(([, , title = '', side]) => {
      const [ids = ''] = title.split(/ (?:does|refuses): |: /);
      return ids.split(', ').map((id): NamedTest => ({ id, side: sideOf(side), file, title }));
    }),
  );
}

/** Whether a test of that title is in the text. */
export function hasTest(text: string, title: string): boolean {
  const code = withoutComments(text);
  return ["'", '"', '`'].some((quote) =>
    code.includes(`${quote}${title.replaceAll(quote, `\\${quote}`)}${quote},`),
  );
}

function withoutComments(text: string): string {
  return text.replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');
}

function sideOf(word: string | undefined): Side | undefined {
  return word === 'does' || word === 'refuses' ? word : undefined;
}
