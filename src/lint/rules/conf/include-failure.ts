/** keepalived.conf(5): include_check, and the last letter of an include, make an error of what is else passed over. */
import type { Severity } from '../../../config-parser/index.ts';

/** What keepalived does after an include that failed. */
export function afterInclude(severity: Severity): string {
  return severity === 'fatal'
    ? 'this include makes it an error, and keepalived ends with status 6'
    : 'keepalived goes on without it, and keepalived -t exits 0';
}
