/**
 * The kernel's IPVS through generic netlink: sockets and errors. Bytes are ipvs-sync/codec.ts's, decisions
 * ipvs-sync/diff.ts's.
 */
import type { IpvsTimeouts } from '../config-parser/config.ts';
import * as codec from '../ipvs-sync/codec.ts';
import { IPVS_GENL_NAME, IPVS_GENL_VERSION, type IpvsCommand, ipvsCommands } from '../ipvs-sync/constants.ts';
import {
  type IpvsClient,
  type IpvsInfo,
  type ObservedService,
  type Operation,
  serverKey,
  serviceKey,
} from '../ipvs-sync/index.ts';
import { GenericNetlinkFamily } from './genetlink.ts';
import { loadIpvsModule } from './ipvs-module.ts';
import { NetlinkError, type OpenTransport } from './netlink/index.ts';

/** Its message: `IPVS_CMD_NEW_SERVICE 10.0.0.3:80/tcp: EPERM`, then what it means where that is known. */
export class IpvsError extends Error {
  override readonly name = 'IpvsError';
  readonly command: IpvsCommand;
  /** What it was about: `10.0.0.3:80/tcp`, `10.0.0.11:80 of 10.0.0.3:80/tcp`; empty for the whole table. */
  readonly subject: string;
  /** As in errno(3). */
  readonly code: string;

  constructor(command: IpvsCommand, subject: string, code: string, explanation?: string) {
    super(
      `${[command, subject].join(' ').trim()}: ${code}${explanation === undefined ? '' : ` (${explanation})`}`,
    );
    this.command = command;
    this.subject = subject;
    this.code = code;
  }
}

/** The kernel has no IPVS, and modprobe could not load it. Its message is one line for the log. */
export class IpvsUnavailableError extends Error {
  override readonly name = 'IpvsUnavailableError';
}

export interface IpvsClientOptions {
  /** The kernel's, unless a test brings its own. */
  readonly open?: OpenTransport;
  /** Undefined for success, else why not; modprobe unless a test says otherwise. */
  readonly loadModule?: () => Promise<string | undefined>;
}

/** Loads the module when it is missing. Rejects with IpvsUnavailableError or NetlinkError. */
export async function openIpvsClient(options: IpvsClientOptions = {}): Promise<IpvsClient> {
  return new GenericNetlinkIpvsClient(await openFamily(options));
}

async function openFamily({
  open,
  loadModule = loadIpvsModule,
}: IpvsClientOptions): Promise<GenericNetlinkFamily> {
  const found = await findFamily(open);
  if (found !== undefined) return found;
  const failure = await loadModule();
  const loaded = failure === undefined ? await findFamily(open) : undefined;
  if (loaded !== undefined) return loaded;
  const reason = failure ?? 'modprobe ip_vs succeeded, but the family IPVS is still missing';
  throw new IpvsUnavailableError(`this kernel has no IPVS: virtual servers are not served (${reason})`);
}

/** Undefined when the kernel does not know the family. */
async function findFamily(open: OpenTransport | undefined): Promise<GenericNetlinkFamily | undefined> {
  try {
    return await GenericNetlinkFamily.open(IPVS_GENL_NAME, IPVS_GENL_VERSION, open);
  } catch (error) {
    if (error instanceof NetlinkError && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const nothing = new Uint8Array();

class GenericNetlinkIpvsClient implements IpvsClient {
  readonly #family: GenericNetlinkFamily;

  constructor(family: GenericNetlinkFamily) {
    this.#family = family;
  }

  async info(): Promise<IpvsInfo> {
    const answer = await this.#query('IPVS_CMD_GET_INFO');
    return understood(codec.decodeInfo(answer), 'IPVS_CMD_GET_INFO', '');
  }

  async perform(operation: Operation): Promise<void> {
    try {
      await this.#performOnce(operation);
    } catch (error) {
      if (!(error instanceof IpvsError)) throw error;
      const instead = alternative(operation, error.code);
      if (instead === 'fail') throw error;
      if (instead !== 'done') await this.#performOnce(instead);
    }
  }

  async observe(): Promise<readonly ObservedService[]> {
    const services = await this.#dump('IPVS_CMD_GET_SERVICE', nothing, '');
    const observed: ObservedService[] = [];
    // One after the other: the kernel refuses a second dump on a socket while the first is under way.
    for (const bytes of services) {
      observed.push(
        await this.#observeOne(understood(codec.decodeService(bytes), 'IPVS_CMD_GET_SERVICE', '')),
      );
    }
    return observed;
  }

  async timeouts(): Promise<Required<IpvsTimeouts>> {
    const answer = await this.#query('IPVS_CMD_GET_CONFIG');
    return understood(codec.decodeTimeouts(answer), 'IPVS_CMD_GET_CONFIG', '');
  }

  async setTimeouts(timeouts: IpvsTimeouts): Promise<void> {
    await this.#command('IPVS_CMD_SET_CONFIG', codec.encodeTimeouts(timeouts), '');
  }

  async flush(): Promise<void> {
    await this.#command('IPVS_CMD_FLUSH', nothing, '');
  }

  close(): void {
    this.#family.close();
  }

  async #observeOne(entry: Omit<ObservedService, 'destinations'>): Promise<ObservedService> {
    const { service } = entry.service;
    const subject = serviceKey(service);
    const answers = await this.#dump('IPVS_CMD_GET_DEST', codec.encodeServiceIdentity(service), subject);
    const family = codec.serviceFamily(service);
    return {
      ...entry,
      destinations: answers.map((bytes) =>
        understood(codec.decodeDestination(bytes, family), 'IPVS_CMD_GET_DEST', subject),
      ),
    };
  }

  #performOnce(operation: Operation): Promise<void> {
    const { command, attributes } = codec.encodeOperation(operation);
    return this.#command(command, attributes, subjectOf(operation), explanations(operation));
  }

  async #command(
    command: IpvsCommand,
    attributes: Uint8Array,
    subject: string,
    explain: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const request = { command: ipvsCommands[command], attributes, operation: command };
    await wrapped(this.#family.perform(request), command, subject, explain);
  }

  #query(command: IpvsCommand): Promise<Uint8Array> {
    const request = { command: ipvsCommands[command], attributes: nothing, operation: command };
    return wrapped(this.#family.query(request), command, '');
  }

  #dump(command: IpvsCommand, attributes: Uint8Array, subject: string): Promise<readonly Uint8Array[]> {
    const request = { command: ipvsCommands[command], attributes, operation: command };
    return wrapped(this.#family.dump(request), command, subject);
  }
}

/** What to do about a refusal: creating what exists and removing what is absent are successes. */
function alternative(operation: Operation, code: string): Operation | 'done' | 'fail' {
  switch (operation.kind) {
    case 'createService':
      return code === 'EEXIST' ? { ...operation, kind: 'updateService' } : 'fail';
    case 'createDestination':
      return code === 'EEXIST' ? { ...operation, kind: 'updateDestination' } : 'fail';
    case 'removeService':
    case 'removeDestination':
      // ESRCH: no such service; ENOENT: no such destination.
      return code === 'ESRCH' || code === 'ENOENT' ? 'done' : 'fail';
    case 'updateService':
    case 'updateDestination':
      return 'fail';
  }
}

function subjectOf(operation: Operation): string {
  switch (operation.kind) {
    case 'createService':
    case 'updateService':
      return serviceKey(operation.service.service);
    case 'removeService':
      return serviceKey(operation.service);
    case 'createDestination':
    case 'updateDestination':
      return `${serverKey(operation.destination)} of ${serviceKey(operation.service)}`;
    case 'removeDestination':
      return `${serverKey(operation)} of ${serviceKey(operation.service)}`;
  }
}

/** What some refusals mean, which their name does not say. */
function explanations(operation: Operation): Readonly<Record<string, string>> {
  const missing = 'the service is not in the kernel';
  switch (operation.kind) {
    case 'createService':
    case 'updateService':
      return {
        ENOENT: `the kernel has no scheduler ${operation.service.scheduler}: its module ip_vs_${operation.service.scheduler} cannot be loaded`,
        ESRCH: missing,
      };
    case 'createDestination':
    case 'updateDestination':
      return {
        ESRCH: missing,
        ENOENT: 'the destination is not in the kernel',
        ERANGE: 'a weight must not be negative, nor the lower threshold above the upper',
      };
    case 'removeService':
    case 'removeDestination':
      return {};
  }
}

async function wrapped<Value>(
  work: Promise<Value>,
  command: IpvsCommand,
  subject: string,
  explain: Readonly<Record<string, string>> = {},
): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
    throw new IpvsError(command, subject, error.code, error.kernelText ?? explain[error.code]);
  }
}

function understood<Value>(value: Value | undefined, command: IpvsCommand, subject: string): Value {
  if (value !== undefined) return value;
  throw new IpvsError(command, subject, 'EBADMSG', 'the answer of the kernel is not understood');
}
