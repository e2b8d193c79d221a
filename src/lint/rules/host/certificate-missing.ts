import { hostRule } from '../../rule.ts';
import { instance } from './example.ts';

const ssl = (path: string) => instance({ below: `SSL {\n    certificate ${path}\n}` });

/** keepalived.conf(5): SSL: read at the start, and not by --config-test. */
export const certificateMissing = hostRule({
  name: 'host/certificate-missing',
  level: 'error',
  summary: 'A certificate or key of the SSL block is not on this machine',
  details: `The files of the \`SSL\` block are read when the checker process starts; the configuration test does not look at
them. Where one is missing the checks with \`SSL_GET\` cannot be made, and their real servers count as down, all at once. The
certificate is what keepalived shows to the real servers; without the whole block it shows none, which is what most want.`,
  keepalived: 'logs',
  exampleHost: {
    pathFacts: (path) =>
      path.startsWith('/missing') ? undefined : { kind: 'file', isExecutable: false, isInsecure: false },
  },
  bad: ssl('/missing/client.pem'),
  good: ssl('/etc/keepalived/client.pem'),
  check: ({ root }, host, report) => {
    const values = root.last('SSL')?.values;
    for (const keyword of ['ca', 'certificate', 'key'] as const) {
      const path = values?.value(keyword);
      if (typeof path !== 'string' || host.pathFacts(path)?.kind === 'file') continue;
      report({
        at: values?.spanOf(keyword),
        message: `there is no file ${path}, the ${keyword} of SSL: SSL_GET checks fail, and their real servers count as down`,
        help: 'put the file there, or delete the line',
      });
    }
  },
});
