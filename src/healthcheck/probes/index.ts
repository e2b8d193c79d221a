/** The probe for each kind of checker. A new kind does not compile until it has one. */
import type { CheckerConfig } from '../../config-parser/config.ts';
import type { Probe } from '../probe.ts';
import { probeTcp } from './tcp-check.ts';

export function probeOf(checker: CheckerConfig): Probe {
  switch (checker.kind) {
    case 'TCP_CHECK':
      return (signal) => probeTcp(checker, signal);
  }
}
