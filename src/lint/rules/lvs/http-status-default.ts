import { fileRule } from '../../rule.ts';
import { httpCheckersOf, urlsOf } from './checkers.ts';
import { counted, Places } from './places.ts';

/** keepalived.conf(5): url: status_code. */
export const httpStatusDefault = fileRule({
  name: 'lvs/http-status-default',
  level: 'info',
  isStrictOnly: true,
  summary: 'A url without status_code accepts 200 to 299 only',
  details: `Where a \`url\` has no \`status_code\`, keepalived accepts every status from 200 to 299. A page that redirects, as
\`/\` often does to a login or to another language, answers with 301 or 302: the check fails, and all servers of the farm go
down at once on the day when somebody adds the redirection. Write the status that the page is meant to give, and best ask
for a page that exists for the check.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        HTTP_GET {
            url {
                path /
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
    real_server 192.0.2.20 80 {
        HTTP_GET {
            url {
                path /
                status_code 200 301-302
            }
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    const places = new Places();
    for (const checker of httpCheckersOf(virtualServers)) {
      for (const url of urlsOf(checker)) {
        if (!url.has('status_code') && url.has('path'))
          places.addSpan(() => url.spanOf('path') ?? checker.heading);
      }
    }
    if (places.count === 0) return;
    const who = places.count === 1 ? 'this url has' : `${counted(places.count, 'url')} have`;
    report({
      at: places.first,
      message: `${who} no status_code, so only 200 to 299 are good: a page that redirects takes the server down`,
      help: 'write "status_code" and what the page answers with, such as "status_code 200"',
      notes: places.notes,
    });
  },
});
