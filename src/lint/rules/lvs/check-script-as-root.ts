import type { FileModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { checkersOf, isWritten } from './checkers.ts';
import { counted, hasOrHave, Places } from './places.ts';

/** keepalived.conf(5): global_defs: script_user, enable_script_security. */
export const checkScriptAsRoot = fileRule({
  name: 'lvs/check-script-as-root',
  level: 'warn',
  summary: 'Check programs run as root, and nothing guards them',
  details: `A \`MISC_CHECK\` runs its program as its own \`user\`, or else as \`script_user\` of \`global_defs\`, or else as the account
\`keepalived_script\` where the system has one, or else as root. Whoever can write to such a program, or to a folder above it,
then is root on the director. keepalived calls this a security violation and exits 6 when it tests the file. Write
\`script_user\` with an account that may do little, or at least \`enable_script_security\`, with which a program that others can
write is not run.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        MISC_CHECK {
            misc_path "/usr/bin/curl -sf http://192.0.2.20/health"
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
        }
    }
}
`,
  check: ({ virtualServers, globals }, report) => {
    if (globals.has('enable_script_security') || isOther(globals)) return;
    const places = new Places();
    for (const checker of checkersOf(virtualServers, 'MISC_CHECK')) {
      if (!isWritten(checker.values, 'user')) places.add(checker);
    }
    if (places.count === 0) return;
    report({
      at: places.first,
      message: `${counted(places.count, 'check program')} ${hasOrHave(places.count)} no user: without an account keepalived_script ${places.count === 1 ? 'it runs' : 'they run'} as root, and whoever can write to ${places.count === 1 ? 'it' : 'one of them'} is root too`,
      help: 'write "script_user" with an account of few rights and "enable_script_security" into global_defs',
      notes: places.notes,
    });
  },
});

/** True where script_user names an account that is not root. */
function isOther(globals: FileModel['globals']): boolean {
  const given = globals.last('script_user');
  const [user] = given?.statement.args ?? [];
  return user !== undefined && user.value !== 'root';
}
