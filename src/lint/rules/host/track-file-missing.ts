import type { Span } from '../../../config-parser/index.ts';
import type { Host } from '../../host.ts';
import { hostRule, type Report } from '../../rule.ts';
import { instance } from './example.ts';

const tracked = (path: string) =>
  instance({
    above: `track_file maintenance {\n    file ${path}\n    weight 0\n}`,
    lines: ['track_file {', '    maintenance', '}'],
  });

/** keepalived.conf(5): track_file: the folder must be there; the file may come later. */
export const trackFileMissing = hostRule({
  name: 'host/track-file-missing',
  level: 'error',
  summary: 'A tracked file lies in a folder that does not exist, or is no file',
  details: `keepalived watches the folder of a \`track_file\`, so that the file may come and go; without it the value is 0.
The folder itself must exist when keepalived starts, else the tracker is removed and nothing is watched. Mind folders below
\`/run\` and \`/tmp\`, which are empty after a boot: have \`systemd-tmpfiles\` make them.`,
  keepalived: 'logs',
  exampleHost: {
    pathFacts: (path) =>
      path.startsWith('/missing') ? undefined : { kind: 'directory', isExecutable: true, isInsecure: false },
  },
  bad: tracked('/missing/maintenance'),
  good: instance(),
  check: ({ trackers }, host, report) => {
    const folders = new Map<string, Lost[]>();
    for (const { value: name, values } of trackers.file.values()) {
      const path = values.value('file');
      const at = values.spanOf('file');
      if (typeof path !== 'string' || !path.startsWith('/')) continue;
      const folder = path.slice(0, path.lastIndexOf('/')) || '/';
      if (host.pathFacts(folder)?.kind !== 'directory') {
        const lost = folders.get(folder) ?? [];
        folders.set(folder, lost);
        lost.push({ name, at });
      } else if (!isFileOrNothing(host, path)) {
        report({
          at,
          message: `${path} is no ordinary file: keepalived removes track_file ${name}, and nothing is watched`,
          help: 'write the path of a file',
        });
      }
    }
    for (const [folder, lost] of folders) reportFolder(folder, lost, report);
  },
});

interface Lost {
  readonly name: string;
  readonly at: Span | undefined;
}

function isFileOrNothing(host: Host, path: string): boolean {
  const kind = host.pathFacts(path)?.kind;
  return kind === undefined || kind === 'file';
}

/** One cause, however many files were to be in it. */
function reportFolder(folder: string, [first, ...others]: readonly Lost[], report: Report): void {
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  report({
    at: first.at,
    message: `there is no folder ${folder}: keepalived removes track_file ${first.name}${more}, and nothing is watched`,
    help: 'make the folder before keepalived starts',
  });
}
