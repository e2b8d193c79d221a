/** keepalived.conf(5): global_defs, as far as it concerns scripts and the processes of the daemon. */
import { account } from './account.ts';
import { command, flag, integer, onOff, textOfAtMost } from './arguments.ts';
import { clampedInteger } from './clamped.ts';
import { oldSpellings } from './old-words.ts';
import { automaticPriority, fileModeMask, processors } from './process-arguments.ts';
import { acts, later } from './schema.ts';

export const scripts = {
  startup_script: acts(command, 'Run once, and waited for, before anything else starts'),
  shutdown_script: acts(command, 'Run once, and waited for, after everything else has stopped'),
  startup_script_timeout: acts(integer(1, 1000), 'Seconds after which startup_script is killed', {
    default: '10',
  }),
  shutdown_script_timeout: acts(integer(1, 1000), 'Seconds after which shutdown_script is killed', {
    default: '10',
  }),
  script_user: acts(
    account,
    'Account that scripts run as where they name none. Without it, keepalived_script if there is such a user, else root. It counts for the scripts below it',
  ),
  enable_script_security: acts(
    flag,
    'Refuse to run a script as root when somebody else can write to it or to a folder above it',
  ),
  use_symlink_paths: acts(
    onOff,
    'Check and run scripts by the path as written, where that goes through symbolic links',
    { default: 'off', since: '2.4' },
  ),
  set_supplementary_groups: acts(onOff, 'Scripts get all groups of their account, not only its first', {
    default: 'off',
    since: '2.4',
  }),
};

const name15 = textOfAtMost(15);
const nice = integer(-20, 19);
const realTime = clampedInteger(1, 99);
const microseconds = integer(1, 0xffff_ffff);

const names = {
  process_names: acts(
    flag,
    'In "ps -e", top and pgrep the processes go by the names that keepalived gives its own: keepalived, keepalived_vrrp, keepalived_lvs and keepalived_bfd. Of this and the name of a child process the later line counts. The process that runs scripts, which keepalived does not have, stays holdfast_script; command lines and the log keep our names',
  ),
  process_name: acts(name15, 'Name of the parent process in "ps -e", top and pgrep', { default: 'holdfast' }),
  vrrp_process_name: acts(name15, 'Name of the VRRP process in "ps -e", top and pgrep', {
    default: 'holdfast_vrrp',
  }),
  checker_process_name: acts(name15, 'Name of the checker process in "ps -e", top and pgrep', {
    default: 'holdfast_checke',
    aliases: oldSpellings('checker_process_name', 'lvs_process_name'),
  }),
  bfd_process_name: acts(name15, 'Name of the BFD process in "ps -e", top and pgrep', {
    default: 'holdfast_bfd',
  }),
};

/** What each of the three processes can be given. */
const scheduling = {
  vrrp_priority: acts(nice, 'Nice value of the VRRP process: -20 comes first, 19 last'),
  checker_priority: acts(
    nice,
    'Nice value of the checker process: -20 comes first, 19 last. The programs of MISC_CHECK do not get it',
  ),
  bfd_priority: acts(nice, 'Nice value of the BFD process: -20 comes first, 19 last'),
  vrrp_no_swap: acts(flag, 'Keep the memory of the VRRP process out of swap'),
  checker_no_swap: acts(flag, 'Keep the memory of the checker process out of swap'),
  bfd_no_swap: acts(flag, 'Keep the memory of the BFD process out of swap'),
  vrrp_rt_priority: acts(realTime, 'Real-time priority (SCHED_RR) of the VRRP process'),
  checker_rt_priority: acts(realTime, 'Real-time priority (SCHED_RR) of the checker process'),
  bfd_rt_priority: acts(realTime, 'Real-time priority (SCHED_RR) of the BFD process'),
  vrrp_cpu_affinity: acts(processors, 'Processors that the VRRP process may run on'),
  checker_cpu_affinity: acts(processors, 'Processors that the checker process may run on'),
  bfd_cpu_affinity: acts(processors, 'Processors that the BFD process may run on'),
  vrrp_rlimit_rttime: acts(
    microseconds,
    'Microseconds that the VRRP process may compute without a pause while it has a real-time priority',
    { default: '10000', aliases: oldSpellings('vrrp_rlimit_rttime', 'vrrp_rlimit_rtime') },
  ),
  checker_rlimit_rttime: acts(
    microseconds,
    'Microseconds that the checker process may compute without a pause while it has a real-time priority',
    { default: '10000', aliases: oldSpellings('checker_rlimit_rttime', 'checker_rlimit_rtime') },
  ),
  bfd_rlimit_rttime: acts(
    microseconds,
    'Microseconds that the BFD process may compute without a pause while it has a real-time priority',
    { default: '10000', aliases: oldSpellings('bfd_rlimit_rttime', 'bfd_rlimit_rtime') },
  ),
  max_auto_priority: later(
    automaticPriority,
    'Highest real-time priority that a process which runs late may give itself. 0 and -1 switch that off',
    { default: '0' },
  ),
  min_auto_priority_delay: later(
    integer(1, 10_000_000),
    'Microseconds by which a process must be late before max_auto_priority has an effect',
    { default: '1000000' },
  ),
};

export const processes = {
  ...scripts,
  ...names,
  ...scheduling,
  random_seed: later(
    integer(0, 0xffff_ffff),
    'Seed of the random numbers behind warmup and the variable _RANDOM. Without it, one made from the time',
  ),
  umask: later(fileModeMask, 'Permissions that new files do not get. The option --umask goes before it'),
};
