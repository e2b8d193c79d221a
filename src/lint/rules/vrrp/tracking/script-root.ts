import { fileRule } from '../../../rule.ts';
import { block, instance, script, textOf, tracked } from './example.ts';
import { countText, type Script, scriptsOf } from './scripts.ts';

/** keepalived.conf(5): enable_script_security, script_user. */
export const scriptRoot = fileRule({
  name: 'vrrp/script-root',
  level: 'warn',
  summary: 'Scripts run as root, and enable_script_security is not set',
  details: `Without \`enable_script_security\` keepalived runs a script as root even if others may write to it or to a folder
above it: whoever can do that is root at the next failover. keepalived calls it a security violation, and its configuration
test ends with status 6, which deployment tools take for a broken file. Write \`enable_script_security\` and a \`script_user\`
with few rights into \`global_defs\`; with the former, scripts that must be root still can, if only root can write to them.`,
  keepalived: 'reports',
  bad: textOf(script(), instance('VI_1', block('track_script', ['chk_web']))),
  good: tracked([]),
  check: (file, report) => {
    const { globals } = file;
    if (globals.has('enable_script_security')) return;
    const usual = globals.value('script_user')?.user;
    // Scripts of health checks are told about with the virtual servers.
    const asRoot = scriptsOf(file).filter(({ kind, user }) => kind !== 'check' && isRoot(user ?? usual));
    const [first] = asRoot;
    if (first === undefined) return;
    report({
      at: first.span,
      message: `${asRoot.length === 1 ? `this ${first.keyword} runs` : `${countText(asRoot)} run`} as root${unless(asRoot, usual)}, and nobody looks whether others can write to ${asRoot.length === 1 ? 'it' : 'them'}: keepalived calls that a security violation, and its configuration test exits 6`,
      help: 'write "enable_script_security" and "script_user" with an account into global_defs',
    });
  },
});

/** Where nothing is said, keepalived_script if there is such a user, and else root. */
function isRoot(user: string | undefined): boolean {
  return user === undefined || user === 'root' || user === '0';
}

function unless(scripts: readonly Script[], usual: string | undefined): string {
  const isCertain = scripts.some(({ user }) => (user ?? usual) !== undefined);
  return isCertain ? '' : ' unless there is a user keepalived_script';
}
