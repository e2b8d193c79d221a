import { hostRule } from '../../rule.ts';
import { instance } from './example.ts';
import { wordsOf } from './walk.ts';

const pipe = (path: string) => instance({ above: `global_defs {\n    notify_fifo ${path}\n}` });

/** fifo(7) */
export const fifoNotAPipe = hostRule({
  name: 'host/fifo-not-a-pipe',
  level: 'error',
  summary: 'At the path of a notify FIFO is something else',
  details: `keepalived makes the named pipe of \`notify_fifo\` when there is nothing at its path, and uses a pipe that is
there. Where a file or a folder of that name exists it does neither: nothing is written, and whoever reads there never hears
of a change. An ordinary file appears when a reader was started before, with an output redirected to it. The folder must be
there too.`,
  keepalived: 'logs',
  exampleHost: {
    pathFacts: (path) => ({
      kind: path.endsWith('.log') ? 'file' : path.endsWith('.fifo') ? 'other' : 'directory',
      isExecutable: false,
      isInsecure: false,
    }),
  },
  bad: pipe('/run/keepalived.log'),
  good: pipe('/run/keepalived.fifo'),
  check: ({ globals }, host, report) => {
    for (const keyword of ['notify_fifo', 'vrrp_notify_fifo', 'lvs_notify_fifo'] as const) {
      const given = globals.last(keyword);
      const [path] = given === undefined ? [] : wordsOf(given);
      if (given === undefined || path === undefined || !path.startsWith('/')) continue;
      const kind = host.pathFacts(path)?.kind;
      const folder = path.slice(0, path.lastIndexOf('/')) || '/';
      const hasFolder = kind !== undefined || host.pathFacts(folder)?.kind === 'directory';
      if (hasFolder && (kind === undefined || kind === 'other')) continue;
      report({
        at: given.span,
        message: `${hasFolder ? `${path} is ${kind === 'file' ? 'an ordinary file' : 'a folder'}` : `there is no folder ${folder}`}: keepalived writes no notifications of ${keyword}`,
        help: hasFolder
          ? 'move it away; keepalived makes the pipe'
          : 'make the folder before keepalived starts',
      });
    }
  },
});
