/** Of global_defs: the processes as the system sees them. */
import { tuningInKernel } from './tests.ts';
import { inFile, proven, type Verdict } from './verdict.ts';

const inProcess = inFile('daemon/process-tuning');
const ofProcess = (title: string) => inProcess(`the %s process › ${title}`);
const inKernel = (title: string) => tuningInKernel(`a process that tunes itself › ${title}`);
const values = inFile('config-parser/resolve-processes')(
  'the priorities of processes › with %j are as they say, and those of the other processes as they were',
);
const names = inFile('config-parser/resolve-processes');
const namesAsGiven = names('the names of processes › with %j are those');
const standing = ofProcess(
  'takes its priority, no_swap and cpu_affinity, and a reload without them takes them back',
);
const realtime = ofProcess(
  'takes its rt_priority and rlimit_rttime, and a reload without them takes the priority back',
);
const inDaemon = (title: string) => inFile('integration/network/supervisor')(`holdfast run › ${title}`);
const renamed = inDaemon(
  'a reload names all processes as it says, and as before; a second daemon is refused all the time',
);

/** Of the keywords that begin with the name of a process. */
export function processWords(process: 'vrrp' | 'checker' | 'bfd'): Readonly<Record<string, Verdict>> {
  return {
    [`${process}_process_name`]: proven(
      namesAsGiven,
      ofProcess('goes by its process_name, all 15 letters of it, and by ours again; its command line stays'),
      ...(process === 'checker' ? [renamed] : []),
    ),
    [`${process}_priority`]: proven(
      values,
      standing,
      inKernel('has the nice value on all its threads, and gives it back'),
      ...(process === 'checker'
        ? [inDaemon('checker_priority is for the checks, and not for their programs')]
        : []),
    ),
    [`${process}_no_swap`]: proven(
      standing,
      inKernel('locks its memory without having more of it, and unlocks it'),
      inKernel('lives on with its memory locked while V8 takes pages and gives them back'),
      ...(process === 'bfd'
        ? []
        : [
            inDaemon(
              'a reload that brings vrrp_no_swap and checker_no_swap locks the memory of both, which go on',
            ),
          ]),
    ),
    [`${process}_cpu_affinity`]: proven(
      standing,
      inKernel('runs on the processors that it is given, and on all again'),
    ),
    [`${process}_rt_priority`]: proven(
      values,
      realtime,
      inKernel('runs with realtime priority, and what it starts does not'),
    ),
    [`${process}_rlimit_rttime`]: proven(
      realtime,
      inKernel('tells once that it ran too long without a pause, and goes on'),
    ),
  };
}

export const ofAllProcesses: Readonly<Record<string, Verdict>> = {
  process_names: proven(
    namesAsGiven,
    names(
      'the names of processes › of process_names and a name of one process are what the later line says, as with keepalived',
    ),
    ofProcess('goes by the name of keepalived’s own with process_names'),
    renamed,
  ),
  process_name: proven(
    namesAsGiven,
    inFile('daemon/supervisor/reload')(
      'reload › gives the supervisor another name, and its own when process_name is gone',
    ),
    renamed,
  ),
};
