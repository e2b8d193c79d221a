/** Virtual servers, their real servers and checkers as they were given, with what they inherit and keepalived's defaults. */
import type { Forwarding } from '../../config-parser/config.ts';
import type { BlockValues, Given, GivenOf, Span, schema } from '../../config-parser/index.ts';
import { type AddressFamily, familyOf, type IpAddress } from '../../net/address.ts';

type GivenServer = GivenOf<typeof schema.keywords.virtual_server>;
type ServerValues = GivenServer['values'];
type GivenReal = ReturnType<typeof realServersOf>[number];

const defaults = { delayLoopMs: 60_000, connectTimeoutMs: 5000, weight: 1 } as const;

/** keepalived.conf(5): what a checker does where nothing is said. A delay that is undefined is delay_loop. */
const checkerDefaults = {
  TCP_CHECK: { retry: 1, delayBeforeRetryMs: 1000 },
  HTTP_GET: { retry: 1, delayBeforeRetryMs: 3000 },
  SSL_GET: { retry: 1, delayBeforeRetryMs: 3000 },
  SMTP_CHECK: { retry: 1, delayBeforeRetryMs: 1000 },
  DNS_CHECK: { retry: 3, delayBeforeRetryMs: undefined },
  MISC_CHECK: { retry: 0, delayBeforeRetryMs: undefined },
  UDP_CHECK: { retry: 1, delayBeforeRetryMs: 1000 },
  PING_CHECK: { retry: 1, delayBeforeRetryMs: 1000 },
  FILE_CHECK: { retry: 1, delayBeforeRetryMs: undefined },
  BFD_CHECK: { retry: 1, delayBeforeRetryMs: undefined },
} as const;

export type CheckerKind = keyof typeof checkerDefaults;

const isCheckerKind = (keyword: string): keyword is CheckerKind => Object.hasOwn(checkerDefaults, keyword);

export class VirtualServerModel {
  /** As messages name it: `192.0.2.10:80/TCP`, `fwmark 7`, `group web`. */
  readonly name: string;
  readonly values: ServerValues;
  readonly kind: 'address' | 'fwmark' | 'group';
  readonly address: IpAddress | undefined;
  /** 0 means all ports. Undefined unless `kind` is `address`. */
  readonly port: number | undefined;
  readonly mark: number | undefined;
  readonly group: string | undefined;
  /** UDP where nothing is said, as keepalived takes it; undefined for a firewall mark. */
  readonly protocol: 'TCP' | 'UDP' | 'SCTP' | undefined;
  readonly forwarding: Forwarding;
  readonly scheduler: string;
  readonly realServers: readonly RealServerModel[];
  readonly sorryServer: SorryServerModel | undefined;
  private readonly given: GivenServer;

  constructor(given: GivenServer) {
    const { values } = given;
    const target = targetOf(given);
    this.given = given;
    this.values = values;
    this.kind = target.kind;
    this.address = target.address;
    this.port = target.port;
    this.mark = target.mark;
    this.group = target.group;
    this.protocol = target.kind === 'fwmark' ? undefined : (values.value('protocol') ?? 'UDP');
    this.forwarding = values.value('lb_kind')?.forwarding ?? 'NAT';
    this.scheduler = values.value('lb_algo') ?? 'wlc';
    this.name = target.kind === 'address' ? `${target.text}/${this.protocol}` : target.text;
    this.realServers = realServersOf(values).map((real) => new RealServerModel(real, this));
    this.sorryServer = sorryOf(this);
  }

  get heading(): Span {
    return this.given.heading;
  }

  /** Of a firewall mark or a group undefined unless ip_family says it. */
  get family(): AddressFamily | undefined {
    if (this.address !== undefined) return familyOf(this.address);
    const given = this.values.value('ip_family');
    return given === undefined ? undefined : given === 'inet6' ? 6 : 4;
  }

  get quorum(): number {
    return this.values.value('quorum') ?? 1;
  }

  get hysteresis(): number {
    return this.values.value('hysteresis') ?? 0;
  }

  /** The arguments of a keyword, or else the heading. */
  at(keyword: string): Span {
    return this.values.spanOf(keyword) ?? this.heading;
  }
}

export interface SorryServerModel {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwarding: Forwarding;
  readonly isInhibited: boolean;
  readonly span: Span;
}

export class RealServerModel {
  readonly values: GivenReal['values'];
  readonly virtualServer: VirtualServerModel;
  readonly address: IpAddress;
  /** The virtual server's where none is given. */
  readonly port: number;
  readonly hasOwnPort: boolean;
  readonly weight: number;
  readonly forwarding: Forwarding;
  readonly checkers: readonly CheckerModel[];
  private readonly given: GivenReal;

  constructor(given: GivenReal, virtualServer: VirtualServerModel) {
    const { values } = given;
    this.given = given;
    this.values = values;
    this.virtualServer = virtualServer;
    this.address = given.value.address;
    this.hasOwnPort = given.value.port !== undefined;
    this.port = given.value.port ?? virtualServer.port ?? 0;
    this.weight = values.value('weight') ?? virtualServer.values.value('weight') ?? defaults.weight;
    this.forwarding = values.value('lvs_method')?.forwarding ?? virtualServer.forwarding;
    this.checkers = checkersOf(this, values);
  }

  /** `192.0.2.20:80`. */
  get name(): string {
    return endpointText(this.address, this.port);
  }

  get heading(): Span {
    return this.given.heading;
  }

  get isAlpha(): boolean {
    return this.values.value('alpha') ?? this.virtualServer.values.value('alpha') ?? false;
  }

  get isInhibitedOnFailure(): boolean {
    return (
      this.values.value('inhibit_on_failure') ??
      this.virtualServer.values.value('inhibit_on_failure') ??
      false
    );
  }

  at(keyword: string): Span {
    return this.values.spanOf(keyword) ?? this.heading;
  }
}

type Timing = 'delay_loop' | 'connect_timeout' | 'retry' | 'delay_before_retry' | 'warmup';

/** The block of any checker, looked at without knowing which; `given.values` has the types. */
export class CheckerModel {
  readonly kind: CheckerKind;
  readonly values: BlockValues;
  readonly realServer: RealServerModel;
  private readonly given: Given;

  constructor(kind: CheckerKind, given: Given, realServer: RealServerModel) {
    this.kind = kind;
    this.given = given;
    this.values = given.values;
    this.realServer = realServer;
  }

  get heading(): Span {
    return this.given.heading;
  }

  get delayLoopMs(): number {
    return this.timing('delay_loop') ?? defaults.delayLoopMs;
  }

  get connectTimeoutMs(): number {
    return this.timing('connect_timeout') ?? defaults.connectTimeoutMs;
  }

  /** Further tries before a server that is up goes down. */
  get retry(): number {
    return this.timing('retry') ?? checkerDefaults[this.kind].retry;
  }

  get delayBeforeRetryMs(): number {
    return (
      this.timing('delay_before_retry') ?? checkerDefaults[this.kind].delayBeforeRetryMs ?? this.delayLoopMs
    );
  }

  /** Where the check connects to; the real server's own address and port unless said otherwise. */
  get connectPort(): number {
    return this.number('connect_port') ?? this.realServer.port;
  }

  /** The value of a keyword that holds text or a number, whatever the checker's table calls it. */
  number(keyword: string): number | undefined {
    const value = this.values.value(keyword);
    return typeof value === 'number' ? value : undefined;
  }

  at(keyword: string): Span {
    return this.values.spanOf(keyword) ?? this.heading;
  }

  private timing(keyword: Timing): number | undefined {
    const { values, virtualServer } = this.realServer;
    return this.number(keyword) ?? values.value(keyword) ?? virtualServer.values.value(keyword);
  }
}

export function endpointText(address: IpAddress, port: number): string {
  return familyOf(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

interface Target {
  readonly kind: VirtualServerModel['kind'];
  readonly text: string;
  readonly address?: IpAddress;
  readonly port?: number;
  readonly mark?: number;
  readonly group?: string;
}

function targetOf(given: GivenServer): Target {
  const { value } = given;
  if (value.kind === 'address') {
    const port = value.port ?? 0;
    return { kind: 'address', text: endpointText(value.address, port), address: value.address, port };
  }
  if (value.kind === 'fwmark') return { kind: 'fwmark', text: `fwmark ${value.mark}`, mark: value.mark };
  return { kind: 'group', text: `group ${value.group}`, group: value.group };
}

function realServersOf(values: ServerValues) {
  return values.all('real_server');
}

function checkersOf(server: RealServerModel, values: BlockValues): readonly CheckerModel[] {
  const checkers: CheckerModel[] = [];
  for (const given of values.select(isCheckerKind)) {
    if (isCheckerKind(given.keyword)) checkers.push(new CheckerModel(given.keyword, given, server));
  }
  return checkers;
}

function sorryOf({ values, port, forwarding }: VirtualServerModel): SorryServerModel | undefined {
  const sorry = values.last('sorry_server');
  if (sorry === undefined) return undefined;
  return {
    address: sorry.value.address,
    port: sorry.value.port ?? port ?? 0,
    forwarding: values.value('sorry_server_lvs_method')?.forwarding ?? forwarding,
    isInhibited: values.has('sorry_server_inhibit'),
    span: sorry.span,
  };
}
