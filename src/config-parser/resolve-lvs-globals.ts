/** keepalived.conf(5): global_defs, as far as it concerns IPVS and the checks: what holds for all of them, and their defaults. */
import type { BlockValues } from './block-values.ts';
import type {
  ClientCertificateConfig,
  IpvsTimeouts,
  LvsGlobals,
  SyncDaemonConfig,
  VrrpInstanceConfig,
} from './config.ts';
import type { ResolveContext } from './resolve-context.ts';
import { type globalDefs, integer } from './schema/index.ts';
import type { RootValues } from './tracker-names.ts';

type Values = BlockValues<typeof globalDefs.keywords>;

export function resolveLvsGlobals(
  values: Values,
  instances: readonly VrrpInstanceConfig[],
  context: ResolveContext,
): LvsGlobals {
  const timeouts = resolveTimeouts(values, context);
  const syncDaemon = resolveSyncDaemon(values, instances, context);
  return {
    flush: values.value('lvs_flush') ?? false,
    flushOnStop: resolveFlushOnStop(values, context),
    ...(timeouts !== undefined && { timeouts }),
    ...(syncDaemon !== undefined && { syncDaemon }),
    notifiesInitialState: values.value('rs_init_notifies') ?? false,
  };
}

/** What virtual servers, real servers and checks fall back to. */
export interface CheckDefaults {
  /** keepalived.conf(5): smtp_alert_checker, else smtp_alert; where neither is given, real servers alone send mail. */
  readonly mail: { readonly ofVirtualServers: boolean; readonly ofRealServers: boolean };
  /** keepalived.conf(5): no_checker_emails. */
  readonly sendsNoMail: boolean;
  readonly logAllFailures: boolean;
  readonly clientCertificate?: ClientCertificateConfig;
}

export function resolveCheckDefaults(values: Values, outer: RootValues): CheckDefaults {
  const mail = values.value('smtp_alert_checker') ?? values.value('smtp_alert');
  const clientCertificate = resolveCertificate(outer);
  return {
    mail: { ofVirtualServers: mail ?? false, ofRealServers: mail ?? true },
    sendsNoMail: values.value('no_checker_emails') ?? false,
    logAllFailures: values.value('checker_log_all_failures') ?? false,
    ...(clientCertificate && { clientCertificate }),
  };
}

/** keepalived.conf(5): SSL. */
function resolveCertificate(outer: RootValues): ClientCertificateConfig | undefined {
  const values = outer.last('SSL')?.values;
  if (values === undefined) return undefined;
  const authorities = values.value('ca');
  const certificate = values.value('certificate');
  const key = values.value('key');
  const password = values.value('password');
  return {
    ...(authorities !== undefined && { authorities }),
    ...(certificate !== undefined && { certificate }),
    ...(key !== undefined && { key }),
    ...(password !== undefined && { password }),
  };
}

function resolveSyncDaemon(
  values: Values,
  instances: readonly VrrpInstanceConfig[],
  { reporter }: ResolveContext,
): SyncDaemonConfig | undefined {
  const given = values.last('lvs_sync_daemon');
  if (given === undefined) return undefined;
  const { instance, id, ...rest } = given.value;
  const followed = instances.find(({ name }) => name === instance);
  if (instance === undefined) return { ...rest, syncId: id ?? 0 };
  if (followed !== undefined) return { ...rest, instance, syncId: id ?? followed.vrid };
  reporter.report({
    severity: 'error',
    code: 'sync-daemon-unknown-instance',
    subject: { block: 'global_defs', keyword: 'lvs_sync_daemon' },
    message: `there is no vrrp_instance ${instance} that lvs_sync_daemon could follow; connections are not copied to the other director`,
    span: given.span,
  });
  return undefined;
}

function resolveFlushOnStop(values: Values, { reporter }: ResolveContext): LvsGlobals['flushOnStop'] {
  const given = values.last('lvs_flush_on_stop');
  if (given === undefined) return 'off';
  const [word] = given.value;
  if (word === undefined) return 'all';
  if (word.value === 'VS') return 'virtual-servers';
  reporter.report({
    severity: 'error',
    code: 'invalid-value',
    message: `lvs_flush_on_stop must be VS, or stand alone, found "${word.value}"; the line is ignored`,
    span: given.span,
  });
  return 'off';
}

/** 31 days, which is also ipvsadm's limit. */
const timeoutSeconds = integer(0, 2_678_400);

const timeoutNames = {
  tcp: 'tcpSeconds',
  tcpfin: 'tcpFinSeconds',
  udp: 'udpSeconds',
} as const satisfies Record<string, keyof IpvsTimeouts>;

function resolveTimeouts(values: Values, { reporter }: ResolveContext): IpvsTimeouts | undefined {
  const given = values.last('lvs_timeouts');
  if (given === undefined) return undefined;
  const timeouts: { -readonly [Name in keyof IpvsTimeouts]: number } = {};
  const words = given.value;
  for (let at = 0; at < words.length; at += 2) {
    const name = Object.entries(timeoutNames).find(([keyword]) => keyword === words[at]?.value)?.[1];
    const value = timeoutSeconds.parse(words.slice(at + 1, at + 2));
    if (name === undefined || !value.ok) {
      reporter.report({
        severity: 'error',
        code: 'invalid-value',
        message: `lvs_timeouts takes tcp, tcpfin and udp, each with ${timeoutSeconds.expects}, found "${words[at]?.value ?? ''}${words[at + 1] === undefined ? '' : ` ${words[at + 1]?.value}`}"`,
        span: words[at] ?? given.span,
      });
      continue;
    }
    timeouts[name] = value.value;
  }
  return timeouts;
}
