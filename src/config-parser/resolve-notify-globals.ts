/** keepalived.conf(5): global_defs: named pipes, mail, and as whom scripts run. */
import { parseAddress } from '../net/address.ts';
import type { BlockValues } from './block-values.ts';
import type {
  LifecycleScript,
  MailConfig,
  NotifyFifoConfig,
  NotifyGlobals,
  ScriptSecurityConfig,
} from './config.ts';
import { resolveCommand } from './resolve-command.ts';
import type { ResolveContext } from './resolve-context.ts';
import type { globalDefs } from './schema/index.ts';

type Values = BlockValues<typeof globalDefs.keywords>;

export function resolveNotifyGlobals(values: Values, context: ResolveContext): NotifyGlobals {
  const mail = resolveMail(values);
  const startup = resolveLifecycle(values, 'startup', context);
  const shutdown = resolveLifecycle(values, 'shutdown', context);
  return {
    fifos: resolveFifos(values, context),
    writesStatesOnReload: values.value('fifo_write_vrrp_states_on_reload') ?? false,
    ...(mail && { mail }),
    scripts: resolveScriptSecurity(values),
    ...(startup && { startup }),
    ...(shutdown && { shutdown }),
  };
}

const fifoKeywords = [
  ['all', 'notify_fifo', 'notify_fifo_script'],
  ['vrrp', 'vrrp_notify_fifo', 'vrrp_notify_fifo_script'],
  ['lvs', 'lvs_notify_fifo', 'lvs_notify_fifo_script'],
] as const;

function resolveFifos(values: Values, context: ResolveContext): readonly NotifyFifoConfig[] {
  const fifos: NotifyFifoConfig[] = [];
  for (const [concerns, pipe, reader] of fifoKeywords) {
    const given = values.first(pipe);
    const script = resolveCommand(values.first(reader), context);
    if (given === undefined) continue;
    if (concerns !== 'all' && fifos[0]?.concerns === 'all' && fifos[0].path === given.value.path) {
      context.reporter.report({
        severity: 'error',
        code: 'fifo-clash',
        message: `${pipe} names the pipe of notify_fifo, which would get every line twice; this line is ignored`,
        span: given.span,
      });
      continue;
    }
    fifos.push({ concerns, ...given.value, ...(script && { script }) });
  }
  return fifos;
}

const smtpPort = 25;
const connectTimeoutMs = 30_000;

/** Without a server, or without anybody to write to, keepalived sends nothing and does not say so. */
function resolveMail(values: Values): MailConfig | undefined {
  const server = values.value('smtp_server');
  const to = values.entries('notification_email').flatMap(({ value }) => value);
  if (server === undefined || to.length === 0) return undefined;
  const heloName = values.value('smtp_helo_name');
  return {
    server: parseAddress(server.host) ?? server.host,
    port: server.port ?? smtpPort,
    from: values.value('notification_email_from') ?? '',
    to,
    ...(heloName !== undefined && { heloName }),
    connectTimeoutMs: values.value('smtp_connect_timeout') ?? connectTimeoutMs,
    noFaults: values.value('no_email_faults') ?? false,
  };
}

function resolveScriptSecurity(values: Values): ScriptSecurityConfig {
  const account = values.value('script_user');
  return {
    ...(account && { defaultUser: account.user }),
    ...(account?.group !== undefined && { defaultGroup: account.group }),
    refusesWritable: values.value('enable_script_security') ?? false,
    useSymlinkPaths: values.value('use_symlink_paths') ?? false,
    setSupplementaryGroups: values.value('set_supplementary_groups') ?? false,
  };
}

const lifecycleTimeoutSeconds = 10;

function resolveLifecycle(
  values: Values,
  when: 'startup' | 'shutdown',
  context: ResolveContext,
): LifecycleScript | undefined {
  const command = resolveCommand(values.first(`${when}_script`), context);
  if (command === undefined) return undefined;
  return {
    command,
    timeoutMs: (values.value(`${when}_script_timeout`) ?? lifecycleTimeoutSeconds) * 1000,
  };
}
