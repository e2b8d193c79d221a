/** keepalived.conf(5): a command with its account, split for good: nothing reads it a second time. */
import type { Given } from './block-values.ts';
import type { CommandConfig } from './config.ts';
import type { ResolveContext } from './resolve-context.ts';
import type { Command } from './schema/index.ts';
import { splitShellWords } from './words.ts';

type GivenCommand = Pick<Given<Command | undefined>, 'keyword' | 'value' | 'span'>;

/** Undefined where there is none, or none that can be run. */
export function resolveCommand(
  given: GivenCommand | undefined,
  { reporter }: ResolveContext,
): CommandConfig | undefined {
  if (given?.value === undefined) return undefined;
  const { command, user, group } = given.value;
  const split = splitShellWords(command);
  if (split.ok && (split.words[0]?.value ?? '') !== '') {
    const argv = split.words.map(({ value }) => value);
    return { argv, ...(user !== undefined && { user }), ...(group !== undefined && { group }) };
  }
  const reason = split.ok ? 'it names no program' : split.error;
  reporter.report({
    severity: 'error',
    code: 'invalid-value',
    message: `${given.keyword} must be a command that can be run, found "${command}": ${reason}; the line is ignored`,
    span: given.span,
  });
  return undefined;
}
