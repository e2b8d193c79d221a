/** keepalived.conf(5): the checkers that connect to nothing: MISC_CHECK, FILE_CHECK, BFD_CHECK. */
import type { BlockValues, GivenOf } from './block-values.ts';
import type { BfdCheckConfig, FileCheckConfig, MiscCheckConfig } from './config.ts';
import {
  type CheckedServer,
  type GivenCheck,
  resolveAlpha,
  resolveLogging,
  resolveTiming,
} from './resolve-check-common.ts';
import { resolveCommand } from './resolve-command.ts';
import type { realServer } from './schema/index.ts';

type Keywords = typeof realServer.keywords;

export function resolveMiscCheck(
  given: GivenOf<Keywords['MISC_CHECK']>,
  server: CheckedServer,
): MiscCheckConfig | undefined {
  const { values } = given;
  const check: GivenCheck = { kind: 'MISC_CHECK', given, values };
  const command = resolveCommand(values.last('misc_path'), server.context);
  if (command === undefined) {
    const help = 'write "misc_path" and the program in double quotes';
    return drop(server, check, `has no ${goodOf(values, 'misc_path')}`, help);
  }
  const { scriptUser } = server.context.surroundings;
  const account = values.value('user') ?? (command.user === undefined ? scriptUser : undefined);
  const timing = resolveTiming(server, check);
  const timeoutSeconds = values.value('misc_timeout') ?? 0;
  const timeoutMs = timeoutSeconds === 0 ? timing.delayLoopMs : timeoutSeconds * 1000;
  const isBounded = [values, server.given.values, server.context.values].some((level) =>
    level.has('attempt_timeout'),
  );
  return {
    kind: 'MISC_CHECK',
    timing: isBounded ? timing : { ...timing, attemptTimeoutMs: timeoutMs },
    alpha: resolveAlpha(server, check),
    logAllFailures: resolveLogging(server, check),
    command: account === undefined ? command : { argv: command.argv, ...account },
    timeoutMs,
    isDynamic: values.value('misc_dynamic') ?? false,
  };
}

export function resolveFileCheck(
  given: GivenOf<Keywords['FILE_CHECK']>,
  server: CheckedServer,
): FileCheckConfig | undefined {
  const { values } = given;
  const check: GivenCheck = { kind: 'FILE_CHECK', given, values };
  const file = values.value('track_file');
  if (file === undefined) {
    const help = 'write "track_file" and the name of a track_file';
    return drop(server, check, `has no ${goodOf(values, 'track_file')}`, help);
  }
  const ofFile = server.context.surroundings.trackFiles.get(file);
  if (ofFile === undefined) {
    const help = `define "track_file ${file}", or write the name of one that is defined`;
    return drop(server, check, `follows track_file ${file}, which does not exist,`, help);
  }
  const { weight, reverse } = values.value('weight') ?? ofFile;
  return {
    kind: 'FILE_CHECK',
    timing: resolveTiming(server, check),
    alpha: resolveAlpha(server, check),
    logAllFailures: resolveLogging(server, check),
    file,
    ...(weight !== 0 && { weight }),
    reverse,
  };
}

export function resolveBfdCheck(
  given: GivenOf<Keywords['BFD_CHECK']>,
  server: CheckedServer,
): BfdCheckConfig | undefined {
  // It follows a session: no keyword of timing stands in its block.
  const values: GivenCheck['values'] = {
    value: (name) => (name === 'alpha' ? (given.values.value('alpha') as never) : undefined),
    last: () => undefined,
  };
  const check: GivenCheck = { kind: 'BFD_CHECK', given, values };
  const name = given.values.value('name');
  if (name === undefined) {
    const help = 'write "name" and the name of a bfd_instance';
    return drop(server, check, `has no ${goodOf(given.values, 'name')}`, help);
  }
  const mayUse = server.context.surroundings.bfds.get(name);
  if (mayUse !== true) {
    const [what, help] =
      mayUse === undefined
        ? [
            `follows bfd_instance ${name}, which does not exist,`,
            `define "bfd_instance ${name}", or write the name of one that is defined`,
          ]
        : [
            `follows bfd_instance ${name}, which is for VRRP alone,`,
            `write "checker" in bfd_instance ${name}`,
          ];
    return drop(server, check, what, help);
  }
  return {
    kind: 'BFD_CHECK',
    timing: resolveTiming(server, check),
    alpha: resolveAlpha(server, check),
    logAllFailures: resolveLogging(server, check),
    name,
  };
}

function drop(server: CheckedServer, { kind, given }: GivenCheck, what: string, help: string): undefined {
  server.dropped.push({ kind, given, what, help });
}

/** A value that is not good has been reported at its place. */
function goodOf({ statements }: BlockValues, keyword: string): string {
  return statements.some((statement) => statement.keyword.value === keyword) ? `good ${keyword}` : keyword;
}
