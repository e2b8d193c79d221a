/** The typed configuration of health checks: one interface a checker of keepalived.conf(5), a union by `kind`. */
import type { IpAddress } from '../net/address.ts';
import type { CommandConfig } from './config-notify.ts';
import type { HexPattern } from './schema/arguments-hex.ts';
import type { RegexOption, StatusRange } from './schema/arguments-http.ts';

export type { HexPattern, RegexOption, StatusRange };

export interface CheckerTiming {
  readonly delayLoopMs: number;
  /** Of each step: connecting, and each wait for an answer. Of what has no connection: the wait for its end. */
  readonly connectTimeoutMs: number;
  /** Of a whole attempt, however many steps it has: holdfast's own keyword attempt_timeout, which has a default. */
  readonly attemptTimeoutMs: number;
  /** Further tries before a server that is up goes down. */
  readonly retry: number;
  readonly delayBeforeRetryMs: number;
  /** Upper bound of the random delay before the first check. */
  readonly warmupMs: number;
}

/** What every checker has. BFD_CHECK's timing is that of nothing: it follows a session. */
interface Check {
  readonly timing: CheckerTiming;
  readonly alpha: boolean;
  /** keepalived.conf(5): log_all_failures, else checker_log_all_failures. */
  readonly logAllFailures: boolean;
}

/** Of a checker that speaks to a server over the network. */
export interface CheckConnection {
  readonly connectAddress: IpAddress;
  /** 0 for PING_CHECK, which has none. */
  readonly connectPort: number;
  readonly bindAddress?: IpAddress;
  readonly bindPort?: number;
  /** keepalived.conf(5): bind_if. */
  readonly bindInterface?: string;
  /** keepalived.conf(5): fwmark; 0 or undefined means none. */
  readonly firewallMark?: number;
}

export type CheckerConfig =
  | TcpCheckConfig
  | HttpCheckConfig
  | SmtpCheckConfig
  | DnsCheckConfig
  | UdpCheckConfig
  | PingCheckConfig
  | MiscCheckConfig
  | FileCheckConfig
  | BfdCheckConfig;

export type CheckerKind = CheckerConfig['kind'];

export interface TcpCheckConfig extends Check, CheckConnection {
  readonly kind: 'TCP_CHECK';
}

export interface HttpCheckConfig extends Check, CheckConnection {
  readonly kind: 'HTTP_GET' | 'SSL_GET';
  /** 1.0C is 1.0 with "Connection: close". */
  readonly httpProtocol: '1.0' | '1.0C' | '1.1';
  readonly fastRecovery: boolean;
  /** keepalived.conf(5): SSL. For SSL_GET. */
  readonly clientCertificate?: ClientCertificateConfig;
  /** At least one; all must be good. */
  readonly urls: readonly HttpUrlConfig[];
}

export interface HttpUrlConfig {
  readonly path: string;
  /** Of the request: virtualhost of the url, the checker, the real server or the virtual server, else `address:port`. */
  readonly hostHeader: string;
  /** What TLS begins with, where enable_sni or sni_name ask for it. */
  readonly tlsServerName?: string;
  /** At least one range. */
  readonly statusCodes: readonly StatusRange[];
  /** MD5 of the body, lower case. */
  readonly digest?: string;
  readonly regex?: HttpRegexConfig;
  /** keepalived.conf(5): tls_compliant. Without close_notify the reply is not whole. */
  readonly tlsCompliant: boolean;
}

export interface HttpRegexConfig {
  readonly pattern: string;
  readonly options: readonly RegexOption[];
  /** keepalived.conf(5): regex_no_match. */
  readonly mustNotMatch: boolean;
  /** Bytes of the body between which a match may begin. */
  readonly minOffset: number;
  readonly maxOffset?: number;
}

/** Paths of PEM files. */
export interface ClientCertificateConfig {
  readonly authorities?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly password?: string;
}

export interface SmtpCheckConfig extends Check, CheckConnection {
  readonly kind: 'SMTP_CHECK';
  readonly heloName: string;
}

export interface DnsCheckConfig extends Check, CheckConnection {
  readonly kind: 'DNS_CHECK';
  readonly type: 'A' | 'NS' | 'CNAME' | 'SOA' | 'MX' | 'TXT' | 'AAAA' | 'RRSIG' | 'DNSKEY';
  /** `.` is the root. */
  readonly name: string;
}

export interface UdpCheckConfig extends Check, CheckConnection {
  readonly kind: 'UDP_CHECK';
  readonly payload: readonly number[];
  /** Undefined: silence is success. An empty pattern is any reply. */
  readonly reply?: HexPattern;
  readonly minReplyBytes: number;
  readonly maxReplyBytes: number;
}

export interface PingCheckConfig extends Check, CheckConnection {
  readonly kind: 'PING_CHECK';
}

export interface MiscCheckConfig extends Check {
  readonly kind: 'MISC_CHECK';
  readonly command: CommandConfig;
  /** keepalived.conf(5): misc_timeout, else the delay_loop. */
  readonly timeoutMs: number;
  /** keepalived.conf(5): misc_dynamic. Exit status 2 to 255 is success with weight 0 to 253. */
  readonly isDynamic: boolean;
}

export interface FileCheckConfig extends Check {
  readonly kind: 'FILE_CHECK';
  /** Name of a track_file. */
  readonly file: string;
  /** Undefined: any number but 0 takes the server down. Else it is multiplied and added to the server's weight. */
  readonly weight?: number;
  readonly reverse: boolean;
}

export interface BfdCheckConfig extends Check {
  readonly kind: 'BFD_CHECK';
  /** Name of a bfd_instance. */
  readonly name: string;
}
