/** What the resolvers share: where they report to, and where they record what stood where. */

import type { BlockValues, Given } from './block-values.ts';
import type { Severity, Span, Subject } from './diagnostics.ts';
import type { Reporter } from './reporter.ts';
import type { vrrpInstance } from './schema/index.ts';
import type { Spans } from './spans.ts';

export interface ResolveContext {
  readonly reporter: Reporter;
  readonly spans: Spans;
}

/** For the resolvers of an instance's parts. */
export interface InstanceContext extends ResolveContext {
  readonly name: string;
  readonly given: Pick<Given, 'heading'>;
  readonly values: BlockValues<typeof vrrpInstance.keywords>;
}

/** A message about an instance or a server, at `span` or else at its heading. */
export function reportPart(
  context: { readonly reporter: Reporter; readonly given: Pick<Given, 'heading'> },
  severity: Severity,
  code: string,
  message: string,
  span: Span = context.given.heading,
  help?: string,
  subject?: Subject,
): void {
  context.reporter.report({
    severity,
    code,
    ...(subject && { subject }),
    message,
    span,
    ...(help !== undefined && { help }),
  });
}
