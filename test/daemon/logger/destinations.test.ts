import { expect, test } from 'vitest';
import {
  type LogOptions,
  logFileOf,
  styleOf,
  writesToStandardError,
} from '../../../src/daemon/logger/destinations.ts';

const background: LogOptions = {
  console: false,
  foreground: false,
  startUp: false,
  noSyslog: false,
  file: undefined,
  detail: false,
};
const defaultFile = '/var/log/holdfast.log';

test.each<[string, Partial<LogOptions>, boolean, string | undefined]>([
  ['the background', {}, false, defaultFile],
  ['the background while it starts', { startUp: true }, true, defaultFile],
  ['-n', { foreground: true }, true, undefined],
  ['-l', { console: true }, true, undefined],
  ['-n -g FILE', { foreground: true, file: '/tmp/x' }, true, '/tmp/x'],
  ['-n -G -g FILE', { foreground: true, noSyslog: true, file: '/tmp/x' }, false, '/tmp/x'],
  ['-n -G -l', { foreground: true, noSyslog: true, console: true }, true, undefined],
  ['-g FILE', { file: '/tmp/x' }, false, '/tmp/x'],
  ['-G', { noSyslog: true }, false, undefined],
])('%s logs to the right places', (_flags, change, standardError, file) => {
  const options = { ...background, ...change };
  expect(writesToStandardError(options)).toBe(standardError);
  expect(logFileOf(options)).toBe(file);
});

test('only a standard error that the journal reads gets priority prefixes', () => {
  expect(styleOf('8:1234', { dev: 8, ino: 1234 })).toBe('journal');
  expect(styleOf('8:1234', { dev: 8, ino: 1235 })).toBe('dated');
  expect(styleOf(undefined, { dev: 8, ino: 1234 })).toBe('dated');
});
