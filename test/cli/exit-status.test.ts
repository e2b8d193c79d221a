import { describe, expect, test } from 'vitest';
import { configTestStatus, startFailureStatus } from '../../src/cli/exit-status.ts';
import type { Diagnostic, Severity } from '../../src/config-parser/index.ts';

const found = (severity: Severity, code = 'some-code'): Diagnostic => ({ severity, code, message: 'x' });

const missing = found('fatal', 'file-unreadable');
const include = found('fatal', 'include-failed');

describe('the status of -t', () => {
  test.each<[number, string, Diagnostic[]]>([
    [0, 'nothing', []],
    [0, 'information', [found('info')]],
    [0, 'a plain include that finds nothing', [found('warning', 'include-failed')]],
    [5, 'a deprecated word', [found('deprecated')]],
    [5, 'a warning', [found('info'), found('warning')]],
    [5, 'an error', [found('error')]],
    [2, 'what cannot run', [found('fatal'), found('warning')]],
    [4, 'a missing file', [missing]],
    [6, 'an include that must not fail', [include, found('deprecated')]],
  ])('is %i for %s', (status, _what, diagnostics) => {
    expect(configTestStatus(diagnostics)).toBe(status);
  });
});

describe('a start', () => {
  test.each<[number | undefined, string, Diagnostic[]]>([
    [
      undefined,
      'errors, warnings and deprecated words',
      [found('error'), found('warning'), found('deprecated')],
    ],
    [2, 'what cannot run', [found('fatal')]],
    [6, 'a missing file', [missing]],
    [6, 'an include that must not fail', [include]],
  ])('fails with %s for %s', (status, _what, diagnostics) => {
    expect(startFailureStatus(diagnostics)).toBe(status);
  });
});
