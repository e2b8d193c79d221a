/** keepalived.conf(5): scripts, processes and files that a priority can depend on. */
import { account } from './account.ts';
import { command, flag, integer, seconds } from './arguments.ts';
import { secondsAboveZero } from './clamped.ts';
import { optional } from './optional.ts';
import { path } from './paths.ts';
import { acts, defineBlock } from './schema.ts';
import { initFile, parameterMatch, processPattern } from './track-file-arguments.ts';
import { weightUpTo } from './weight.ts';

const results = integer(1, 0x7fff_ffff);
/** 2^32 milliseconds. */
const runTime = secondsAboveZero(0.001, 4_294_967);

export const vrrpScript = defineBlock('vrrp_script', {
  script: acts(
    command,
    'Program to run; its exit status 0 means good. Quotes keep its arguments with it',
    {},
  ),
  interval: acts(runTime, 'Seconds between two runs', { default: '1' }),
  timeout: acts(
    runTime,
    'Seconds after which a run is ended and counts as failed. Without it, as long as interval',
  ),
  weight: acts(
    weightUpTo(253),
    'Added to the priority while the script succeeds, or if negative while it fails; 0 makes a failure a fault instead',
    { default: '0' },
  ),
  rise: acts(results, 'How many runs in a row must succeed before it counts as good', {
    default: '1',
    fallback: 1,
  }),
  fall: acts(results, 'How many runs in a row must fail before it counts as bad', {
    default: '1',
    fallback: 1,
  }),
  user: acts(account, 'Account that it runs as. Without it, that of script_user'),
  init_fail: acts(flag, 'It counts as bad until it has succeeded; otherwise as good until it has failed'),
});

const delay = seconds(0.000001, 3600);

export const trackProcess = defineBlock('vrrp_track_process', {
  process: acts(
    processPattern,
    'Program to look for, by name, or by path if it begins with "/". Arguments, where there are any, must be those of the process',
  ),
  param_match: acts(
    optional(parameterMatch, 'none' as const, 'a process that has no arguments'),
    'Which arguments a process may have besides: with "partial" more of them, with "initial" a longer last one',
  ),
  weight: acts(
    weightUpTo(254),
    'Added to the priority while enough of them run, or if negative while they do not; 0 makes that a fault instead',
    { default: '0' },
  ),
  quorum: acts(integer(1, 65_535), 'How many must run', { default: '1' }),
  quorum_max: acts(
    integer(0, 65_535),
    'How many may run at most; 0 means that none may. Without it, any number',
  ),
  delay: acts(
    delay,
    'Seconds that a start or an end must last before it counts: fork_delay and terminate_delay in one',
  ),
  fork_delay: acts(delay, 'Seconds that enough of them must have run before that counts. Without it, none'),
  terminate_delay: acts(
    delay,
    'Seconds that too few of them must have run before that counts, for programs that replace themselves. Without it, none',
  ),
  full_command: acts(
    flag,
    'Compare the whole command line, not the 15 characters that the kernel keeps. Always so where process has arguments',
  ),
});

export const trackFile = defineBlock('track_file', {
  file: acts(path, 'File that holds one whole number; where it is missing or empty, that number is 0', {}),
  weight: acts(
    weightUpTo(254),
    'The number in the file times this is added to the priority; with 0, any other number than 0 is a fault',
    { default: '1' },
  ),
  init_file: acts(
    initFile,
    'Write this number into the file at the start, if there is no file yet or with "overwrite" in any case',
  ),
});
