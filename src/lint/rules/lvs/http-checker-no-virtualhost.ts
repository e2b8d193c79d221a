import { fileRule } from '../../rule.ts';
import { httpCheckersOf, urlsOf } from './checkers.ts';
import { counted, Places } from './places.ts';
import { hasVirtualhost } from './ssl-get-no-sni.ts';

/** keepalived.conf(5): virtualhost. */
export const httpCheckerNoVirtualhost = fileRule({
  name: 'lvs/http-checker-no-virtualhost',
  level: 'info',
  summary: 'An HTTP check asks for a host named by its address',
  details: `Without \`virtualhost\` the request carries the address and the port of the real server as the name of the host. A
web server that holds several sites answers that with its default site, or with an error: the check may succeed while your
site is broken, or fail while it is well. Write \`virtualhost\` with the name that clients use, once in the \`virtual_server\` or
in the checker.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        HTTP_GET {
            url {
                path /health
                status_code 200
            }
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    virtualhost www.example.com
    real_server 192.0.2.20 80 {
        HTTP_GET {
            url {
                path /health
                status_code 200
            }
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    const places = new Places();
    let host = '';
    for (const checker of httpCheckersOf(virtualServers)) {
      if (hasVirtualhost(checker) || urlsOf(checker).length === 0) continue;
      if (places.count === 0) host = checker.realServer.name;
      places.add(checker);
    }
    if (places.count === 0) return;
    const who = places.count === 1 ? 'this check asks' : `${counted(places.count, 'check')} ask`;
    const name = places.count === 1 ? `"${host}"` : `an address, such as "${host}"`;
    report({
      at: places.first,
      message: `${who} for the host ${name}: a server of several sites answers with its default site or an error`,
      help: 'write "virtualhost" and the name that clients use',
      notes: places.notes,
    });
  },
});
