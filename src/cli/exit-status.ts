/** What diagnostics mean for an exit status, in keepalived's numbers. See docs/decisions/0002. */
import type { Diagnostic } from '../config-parser/index.ts';

/** `holdfast run -t`: 0 only when nothing was found that keepalived would count. */
export function configTestStatus(diagnostics: readonly Diagnostic[]): number {
  const counted = diagnostics.filter(counts);
  const fatal = counted.filter(({ severity }) => severity === 'fatal');
  if (fatal.some(isUnreadableMain)) return 4;
  if (fatal.some(isFailedInclude)) return 6;
  if (fatal.length > 0) return 2;
  return counted.length > 0 ? 5 : 0;
}

/** The status of a daemon that cannot start with these diagnostics; undefined when it can. */
export function startFailureStatus(diagnostics: readonly Diagnostic[]): number | undefined {
  const fatal = diagnostics.filter(({ severity }) => severity === 'fatal');
  if (fatal.length === 0) return undefined;
  // keepalived: 6 is no configuration, 2 a wrong one.
  return fatal.some((diagnostic) => isUnreadableMain(diagnostic) || isFailedInclude(diagnostic)) ? 6 : 2;
}

/** A plain `include` that finds nothing is told, but no fault: keepalived.conf(5) lets conf.d be empty. */
function counts(diagnostic: Diagnostic): boolean {
  if (diagnostic.severity === 'info') return false;
  return !(isFailedInclude(diagnostic) && diagnostic.severity === 'warning');
}

function isUnreadableMain({ code }: Diagnostic): boolean {
  return code === 'file-unreadable';
}

function isFailedInclude({ code }: Diagnostic): boolean {
  return code === 'include-failed';
}
