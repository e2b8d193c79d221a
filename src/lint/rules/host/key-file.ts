import type { GivenOf } from '../../../config-parser/index.ts';
import type { InstanceModel } from '../../model/index.ts';
import { hostRule } from '../../rule.ts';
import { instance } from './example.ts';
import { wordsOf } from './walk.ts';

const signed = (path: string) =>
  instance({ lines: ['auth_hmac {', `    key 1 file:${path}`, '    active_key 1', '}'] });

/** keepalived.conf(5): auth_hmac key file:PATH. */
export const keyFile = hostRule({
  name: 'host/key-file',
  level: 'error',
  summary: 'A key file of auth_hmac is missing, or others can read it',
  details: `A key of \`auth_hmac\` that stands in a file is read when keepalived starts. Where the file is missing there is
no key, and when that key is the \`active_key\` the instance goes on unsigned: the other directors then refuse what it sends,
and both become Master. A key that others can read is no secret; keepalived reports that, and its configuration test ends
with status 6. The file must belong to root, with mode 0600.`,
  keepalived: 'reports',
  exampleHost: {
    pathFacts: (path) =>
      path.startsWith('/missing') ? undefined : { kind: 'file', isExecutable: false, isInsecure: false },
  },
  bad: signed('/missing/vrrp.key'),
  good: instance(),
  check: ({ instances }, host, report) => {
    for (const { name, path, given } of instances.flatMap(keyFilesOf)) {
      const facts = host.pathFacts(path);
      if (facts?.kind === 'file' && !facts.isInsecure && facts.isReadableByOthers !== true) continue;
      if (facts?.kind === 'file') {
        report({
          at: given.span,
          level: 'warn',
          message: `others than root can ${facts.isInsecure ? 'change' : 'read'} the key file ${path} of ${name}: who has the key can pass for a director`,
          help: `run "chown root ${path}" and "chmod 0600 ${path}"`,
        });
        continue;
      }
      report({
        at: given.span,
        message: `there is no key file ${path}: ${name} goes on without this key, and if it signs with it, unsigned`,
        help: 'put the key there, the same on all directors, with mode 0600',
      });
    }
  },
});

interface KeyFile {
  readonly name: string;
  readonly path: string;
  readonly given: Pick<GivenOf<unknown>, 'span'>;
}

function keyFilesOf({ name, values }: InstanceModel): readonly KeyFile[] {
  const keys = values.last('auth_hmac')?.values.all('key') ?? [];
  return keys.flatMap((given) => {
    const [, key = ''] = wordsOf(given);
    return key.startsWith('file:') ? [{ name, path: key.slice('file:'.length), given }] : [];
  });
}
