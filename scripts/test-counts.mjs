/** Adding up what the test groups found, into the one line that ends a test run. */

/** One group's counts. */
export function counts(passed, failed, skipped) {
  return { passed, failed, skipped };
}

export function sum(all) {
  return all.reduce(
    (total, one) => counts(total.passed + one.passed, total.failed + one.failed, total.skipped + one.skipped),
    counts(0, 0, 0),
  );
}

export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * What a vitest run found, from its JSON report (undefined when it wrote none) and its exit status. A file that could
 * not be run, a run that failed without a failed test (an unhandled error) and a run that wrote no report each count
 * as one failed test.
 */
export function countReport(report, status) {
  if (report === undefined) return counts(0, 1, 0);
  const found = sum(report.testResults.map(countFile));
  return status !== 0 && found.failed === 0 ? sum([found, counts(0, 1, 0)]) : found;
}

function countFile(file) {
  const statuses = file.assertionResults.map((test) => test.status);
  const failed = statuses.filter((status) => status === 'failed').length;
  const passed = statuses.filter((status) => status === 'passed').length;
  const unrun = file.status === 'failed' && failed === 0 ? 1 : 0;
  return counts(passed, failed + unrun, statuses.length - failed - passed);
}
