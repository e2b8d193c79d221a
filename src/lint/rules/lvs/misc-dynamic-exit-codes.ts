import { fileRule } from '../../rule.ts';
import { checkersOf } from './checkers.ts';

/** Programs whose exit status tells kinds of failure apart, with a status above 1 among them. */
const ordinary: ReadonlySet<string> = new Set([
  'curl',
  'wget',
  'grep',
  'pgrep',
  'ping',
  'ping6',
  'fping',
  'dig',
  'host',
  'nslookup',
  'openssl',
  'ssh',
  'nmap',
  'pg_isready',
  'ldapsearch',
  'smbclient',
]);

/** keepalived.conf(5): misc_dynamic. */
export const miscDynamicExitCodes = fileRule({
  name: 'lvs/misc-dynamic-exit-codes',
  level: 'warn',
  summary: 'misc_dynamic takes the failures of an ordinary program for weights',
  details: `With \`misc_dynamic\` only exit status 1 is a failure. 0 is success with the weight unchanged, and 2 to 255 are success
too and set the weight to the status less 2. Ordinary programs mean the opposite: \`curl\` exits 7 when nobody listens, which
would set the weight to 5, and a plug-in of the \`check_...\` kind exits 2 when the service is critical, which keeps it in the
table with weight 0. Leave \`misc_dynamic\` away, or call a script of your own that translates.`,
  keepalived: 'silent',
  bad: `global_defs {
    script_user root
    enable_script_security
}
virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        MISC_CHECK {
            misc_path "/usr/bin/curl -sf http://192.0.2.20/health"
            misc_timeout 3
            misc_dynamic
        }
    }
}
`,
  good: `global_defs {
    script_user root
    enable_script_security
}
virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        MISC_CHECK {
            misc_path "/usr/bin/curl -sf http://192.0.2.20/health"
            misc_timeout 3
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    for (const checker of checkersOf(virtualServers, 'MISC_CHECK')) {
      if (!checker.values.has('misc_dynamic')) continue;
      const command = checker.values.last('misc_path')?.statement.args[0]?.value ?? '';
      const program = programOf(command);
      if (!ordinary.has(program) && !program.startsWith('check_')) continue;
      report({
        at: checker.at('misc_dynamic'),
        message: `with misc_dynamic an exit status of 2 to 255 is success with that weight less 2, and ${program} means a failure by it: real server ${checker.realServer.name} stays up when it is dead`,
        help: 'delete "misc_dynamic", or call a script that exits 0, 1, or a weight plus 2',
      });
    }
  },
});

/** The last part of the path of a command, without its arguments. */
function programOf(command: string): string {
  const [path = ''] = command.replace(/^["']/, '').trim().split(/\s/);
  return path.slice(path.lastIndexOf('/') + 1);
}
