import type { CheckerModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { checkersOf, urlsOf } from './checkers.ts';
import { Places } from './places.ts';

/** keepalived.conf(5): SSL_GET: enable_sni, sni_name. */
export const sslGetNoSni = fileRule({
  name: 'lvs/ssl-get-no-sni',
  level: 'warn',
  summary: 'SSL_GET asks for a named host and does not name it when TLS begins',
  details: `A web server with several certificates chooses one by the name that the client gives when TLS begins (SNI).
keepalived sends \`virtualhost\` only in the request, which comes later; unless \`enable_sni\` is on, or \`sni_name\` is given, no name
is sent with TLS. Servers then answer with their default certificate and site, or end the connection: the check fails on a
server that is well, or looks at another site than the one that you meant.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 443 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 443 {
        SSL_GET {
            virtualhost www.example.com
            url {
                path /
                status_code 200
            }
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 443 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 443 {
        SSL_GET {
            virtualhost www.example.com
            enable_sni
            url {
                path /
                status_code 200
            }
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    const places = new Places();
    for (const checker of checkersOf(virtualServers, 'SSL_GET')) {
      if (!hasVirtualhost(checker)) continue;
      const { values } = checker;
      if (values.value('enable_sni') !== true && !values.has('sni_name')) places.add(checker);
    }
    if (places.count === 0) return;
    const who = places.count === 1 ? 'this check names its host' : `${places.count} checks name their host`;
    report({
      at: places.first,
      message: `${who} in the request and not when TLS begins: servers of several names answer with another certificate, or not at all`,
      help: 'write "enable_sni" in the SSL_GET',
      notes: places.notes,
    });
  },
});

/** In the checker or one of its urls, or in the blocks around it, from which it is inherited. */
export function hasVirtualhost(checker: CheckerModel): boolean {
  const { values, realServer } = checker;
  return (
    values.has('virtualhost') ||
    realServer.values.has('virtualhost') ||
    realServer.virtualServer.values.has('virtualhost') ||
    urlsOf(checker).some((url) => url.has('virtualhost'))
  );
}
