/** Names of files and folders as arguments. Whether they exist is a question for the machine, not for the file. */
import type { Argument } from './arguments.ts';

/** A file, by whatever path. */
export const path: Argument<string> = pathArgument('the path of a file', '<path>', '/run/holdfast.data');

/** A folder, by whatever path. */
export const directory: Argument<string> = pathArgument(
  'the path of a folder',
  '<directory>',
  '/run/holdfast',
);

/** Of a file, from the root: what the daemon's working directory is does not matter then. */
export const absolutePath: Argument<string> = {
  expects: 'a path that begins with "/"',
  syntax: '<path>',
  samples: { good: ['/run/holdfast.time'], bad: ['', 'holdfast.time', './holdfast.time'] },
  parse: ([word]) => {
    if (word === undefined) return { ok: false };
    return word.value.startsWith('/') ? { ok: true, value: word.value, used: 1 } : { ok: false, word };
  },
};

function pathArgument(expects: string, syntax: string, sample: string): Argument<string> {
  return {
    expects: `${expects}, in double quotes if it holds blanks`,
    syntax,
    samples: { good: [sample, `"${sample} old"`], bad: ['', `${sample} old`, '""'] },
    parse: ([word]) => {
      if (word === undefined) return { ok: false };
      return word.value === '' ? { ok: false, word } : { ok: true, value: word.value, used: 1 };
    },
  };
}
