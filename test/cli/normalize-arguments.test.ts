import { expect, test } from 'vitest';
import { type KnownOption, normalizeArguments } from '../../src/cli/normalize-arguments.ts';

const options: readonly KnownOption[] = [
  { short: '-n', long: '--dont-fork', required: false, optional: false },
  { short: '-l', long: '--log-console', required: false, optional: false },
  { short: '-f', long: '--use-file', required: true, optional: false },
  { short: '-t', long: '--config-test', required: false, optional: true },
];

test.each<[string, string[], string[]]>([
  ['a cluster is taken apart', ['-nl'], ['--dont-fork', '--log-console']],
  ['a value may be attached', ['-fx.conf'], ['--use-file=x.conf']],
  ['a value may follow', ['-f', 'x.conf', '-n'], ['--use-file=x.conf', '--dont-fork']],
  ['a value may end a cluster', ['-nf', 'x.conf'], ['--dont-fork', '--use-file=x.conf']],
  ['a value may begin with a dash', ['-f', '-x'], ['--use-file=-x']],
  ['a long value may follow', ['--use-file', 'x.conf'], ['--use-file=x.conf']],
  ['-t FILE does not take FILE for its log', ['-t', 'x.conf'], ['--config-test=', 'x.conf']],
  ['--config-test FILE neither', ['--config-test', 'x.conf'], ['--config-test=', 'x.conf']],
  ['-tLOG takes LOG', ['-ntLOG'], ['--dont-fork', '--config-test=LOG']],
  ['--config-test=LOG takes LOG', ['--config-test=LOG'], ['--config-test=LOG']],
  ['an unknown letter is left to be complained about', ['-nZ'], ['--dont-fork', '-Z']],
  ['a missing value is left to be complained about', ['-f'], ['--use-file']],
  ['nothing is changed behind --', ['-n', '--', '-nl'], ['--dont-fork', '--', '-nl']],
  ['a lone dash is a word', ['-'], ['-']],
])('%s', (_sentence, given, normal) => {
  expect(normalizeArguments(given, options)).toEqual(normal);
});
