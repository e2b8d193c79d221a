/** What the rules ask of checkers: which there are, and what is written in them. */
import type { BlockValues } from '../../../config-parser/index.ts';
import type { CheckerKind, CheckerModel, RealServerModel, VirtualServerModel } from '../../model/index.ts';

const connecting: ReadonlySet<CheckerKind> = new Set<CheckerKind>([
  'TCP_CHECK',
  'HTTP_GET',
  'SSL_GET',
  'SMTP_CHECK',
  'DNS_CHECK',
  'UDP_CHECK',
  'PING_CHECK',
]);

/** True for checkers that talk to a server over the network, and so have connect_ip, connect_timeout and the like. */
export function isConnecting({ kind }: CheckerModel): boolean {
  return connecting.has(kind);
}

export function isHttp({ kind }: CheckerModel): boolean {
  return kind === 'HTTP_GET' || kind === 'SSL_GET';
}

export function realServersOf(servers: readonly VirtualServerModel[]): readonly RealServerModel[] {
  return partsOf(servers).realServers;
}

/** All checkers in the order of the file, or those of one kind. */
export function checkersOf(
  servers: readonly VirtualServerModel[],
  kind?: CheckerKind,
): readonly CheckerModel[] {
  const { checkers, byKind } = partsOf(servers);
  return kind === undefined ? checkers : (byKind.get(kind) ?? []);
}

/** Those that ask for pages: HTTP_GET and SSL_GET, in the order of the file. */
export function httpCheckersOf(servers: readonly VirtualServerModel[]): readonly CheckerModel[] {
  return partsOf(servers).http;
}

interface Parts {
  readonly realServers: readonly RealServerModel[];
  readonly checkers: readonly CheckerModel[];
  readonly byKind: ReadonlyMap<CheckerKind, readonly CheckerModel[]>;
  readonly http: readonly CheckerModel[];
}

const known = new WeakMap<readonly VirtualServerModel[], Parts>();

/** Collected once for a file, for many rules look at the same hundred thousand checkers. */
function partsOf(servers: readonly VirtualServerModel[]): Parts {
  let parts = known.get(servers);
  if (parts === undefined) {
    parts = collectParts(servers);
    known.set(servers, parts);
  }
  return parts;
}

function collectParts(servers: readonly VirtualServerModel[]): Parts {
  const realServers: RealServerModel[] = [];
  const checkers: CheckerModel[] = [];
  const byKind = new Map<CheckerKind, CheckerModel[]>();
  for (const server of servers) {
    for (const realServer of server.realServers) {
      realServers.push(realServer);
      for (const checker of realServer.checkers) {
        checkers.push(checker);
        const same = byKind.get(checker.kind);
        if (same === undefined) byKind.set(checker.kind, [checker]);
        else same.push(checker);
      }
    }
  }
  return { realServers, checkers, byKind, http: checkers.filter(isHttp) };
}

/** Of an HTTP_GET or SSL_GET. */
export function urlsOf({ values }: CheckerModel): readonly BlockValues[] {
  return values.all('url').map((url) => url.values);
}

export function textValue(values: BlockValues, keyword: string): string | undefined {
  const value = values.value(keyword);
  return typeof value === 'string' ? value : undefined;
}

/** True also when the value is wrong, which is reported already. */
export function isWritten(values: BlockValues, keyword: string): boolean {
  return values.has(keyword) || values.statements.some((statement) => statement.keyword.value === keyword);
}

/** `4.5 s`. */
export function secondsText(ms: number): string {
  return `${plainSeconds(ms)} s`;
}

/** `4.5`, for sums. */
export function plainSeconds(ms: number): string {
  return String(Math.round(ms) / 1000);
}
