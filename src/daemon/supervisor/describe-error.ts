/** The text of whatever was thrown: with its stack for mistakes of ours, without for the system's. */
export function describeError(error: unknown, form: 'short' | 'stack' = 'stack'): string {
  if (!(error instanceof Error)) return String(error);
  return form === 'stack' ? (error.stack ?? error.message) : error.message;
}
