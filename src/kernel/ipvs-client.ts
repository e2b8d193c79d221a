/**
 * The kernel's IPVS through generic netlink: sockets and errors. Bytes are ipvs-sync/codec.ts's, decisions
 * ipvs-sync/diff.ts's.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IpvsTimeouts, VirtualService } from '../config-parser/config.ts';
import * as codec from '../ipvs-sync/codec.ts';
import { decodeSyncDaemon, encodeSyncDaemon, encodeSyncDaemonState } from '../ipvs-sync/codec-sync-daemon.ts';
import { IPVS_GENL_NAME, IPVS_GENL_VERSION, type IpvsCommand, ipvsCommands } from '../ipvs-sync/constants.ts';
import {
  type IpvsClient,
  type IpvsInfo,
  type ObservedDestination,
  type ObservedService,
  type ObservedServiceHead,
  type Operation,
  type SyncDaemon,
  serviceKey,
} from '../ipvs-sync/index.ts';
import { GenericNetlinkFamily, mostAtOnce } from './genetlink.ts';
import { loadIpvsModule } from './ipvs-module.ts';
import { alternative, explanations, noPermission, subjectOf } from './ipvs-refusals.ts';
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
/** So many services are read before others have their turn: about a millisecond of work. */
const readBetweenTurns = 50;

interface Asked {
  readonly command: IpvsCommand;
  readonly attributes?: Uint8Array;
  readonly subject?: string;
  readonly explain?: Readonly<Record<string, string>>;
}

class GenericNetlinkIpvsClient implements IpvsClient {
  readonly #family: GenericNetlinkFamily;

  constructor(family: GenericNetlinkFamily) {
    this.#family = family;
  }

  async info(): Promise<IpvsInfo> {
    const answer = await this.#query('IPVS_CMD_GET_INFO');
    return understood(codec.decodeInfo(answer), { command: 'IPVS_CMD_GET_INFO' });
  }

  async perform(operation: Operation): Promise<void> {
    const [error] = await this.performAll([operation]);
    if (error !== undefined) throw error;
  }

  async performAll(operations: readonly Operation[]): Promise<readonly (Error | undefined)[]> {
    const errors: (Error | undefined)[] = [];
    for (let from = 0; from < operations.length; from += mostAtOnce) {
      if (from > 0) await nextTurn();
      errors.push(...(await this.#performSome(operations.slice(from, from + mostAtOnce))));
    }
    return errors;
  }

  async observe(): Promise<readonly ObservedService[]> {
    const heads = await this.observeServices();
    const destinations = await this.observeDestinations(heads.map((head) => head.service.service));
    return heads.map((head, index) => ({ ...head, destinations: destinations[index] ?? [] }));
  }

  observeServices(): Promise<readonly ObservedServiceHead[]> {
    return this.#dump({ command: 'IPVS_CMD_GET_SERVICE' }, codec.decodeService);
  }

  async observeDestinations(
    services: readonly VirtualService[],
  ): Promise<readonly (readonly ObservedDestination[])[]> {
    const found: (readonly ObservedDestination[])[] = [];
    for (const service of services) {
      if (found.length > 0 && found.length % readBetweenTurns === 0) await nextTurn();
      const family = codec.serviceFamily(service);
      const asked: Asked = {
        command: 'IPVS_CMD_GET_DEST',
        attributes: codec.encodeServiceIdentity(service),
        subject: serviceKey(service),
      };
      found.push(await this.#dump(asked, (bytes) => codec.decodeDestination(bytes, family)));
    }
    return found;
  }

  async timeouts(): Promise<Required<IpvsTimeouts>> {
    const answer = await this.#query('IPVS_CMD_GET_CONFIG');
    return understood(codec.decodeTimeouts(answer), { command: 'IPVS_CMD_GET_CONFIG' });
  }

  async setTimeouts(timeouts: IpvsTimeouts): Promise<void> {
    await this.#command({ command: 'IPVS_CMD_SET_CONFIG', attributes: codec.encodeTimeouts(timeouts) });
  }

  syncDaemons(): Promise<readonly SyncDaemon[]> {
    return this.#dump({ command: 'IPVS_CMD_GET_DAEMON' }, decodeSyncDaemon);
  }

  async startSyncDaemon(daemon: SyncDaemon): Promise<void> {
    await this.#command({
      command: 'IPVS_CMD_NEW_DAEMON',
      attributes: encodeSyncDaemon(daemon),
      subject: `${daemon.state} on ${daemon.interface}`,
      explain: {
        EINVAL:
          'the kernel has destinations of another address family than their service, or the group is not multicast',
        ENODEV: 'there is no such interface',
      },
    });
  }

  async stopSyncDaemon(state: SyncDaemon['state']): Promise<void> {
    try {
      await this.#command({
        command: 'IPVS_CMD_DEL_DAEMON',
        attributes: encodeSyncDaemonState(state),
        subject: state,
      });
    } catch (error) {
      if (!(error instanceof IpvsError && error.code === 'ESRCH')) throw error;
    }
  }

  async flush(): Promise<void> {
    await this.#command({ command: 'IPVS_CMD_FLUSH' });
  }

  close(): void {
    this.#family.close();
  }

  /** Those refused because the kernel was otherwise than thought are then done in the way that fits. */
  async #performSome(operations: readonly Operation[]): Promise<readonly (Error | undefined)[]> {
    const errors = [...(await this.#performOnce(operations))];
    const instead: { readonly index: number; readonly operation: Operation }[] = [];
    operations.forEach((operation, index) => {
      const other = alternative(operation, errors[index]?.code);
      if (other === 'done') errors[index] = undefined;
      else if (other !== 'fail') instead.push({ index, operation: other });
    });
    const results = await this.#performOnce(instead.map(({ operation }) => operation));
    instead.forEach(({ index }, position) => {
      errors[index] = results[position];
    });
    return errors;
  }

  async #performOnce(operations: readonly Operation[]): Promise<readonly (IpvsError | undefined)[]> {
    const encoded = operations.map(codec.encodeOperation);
    const errors = await this.#family.performAll(
      encoded.map(({ command, attributes }) => ({
        command: ipvsCommands[command],
        attributes,
        operation: command,
      })),
    );
    return encoded.map(({ command }, index) => {
      const [error, operation] = [errors[index], operations[index]];
      if (error === undefined || operation === undefined) return undefined;
      return ipvsError(error, { command, subject: subjectOf(operation), explain: explanations(operation) });
    });
  }

  #command(asked: Asked): Promise<void> {
    return wrapped(this.#family.perform(requestOf(asked)), asked);
  }

  #query(command: IpvsCommand): Promise<Uint8Array> {
    return wrapped(this.#family.query(requestOf({ command })), { command });
  }

  #dump<Value>(asked: Asked, decode: (bytes: Uint8Array) => Value | undefined): Promise<readonly Value[]> {
    const read = (bytes: Uint8Array) => understood(decode(bytes), asked);
    return wrapped(this.#family.dump(requestOf(asked), read), asked);
  }
}

function requestOf({ command, attributes = nothing }: Asked) {
  return { command: ipvsCommands[command], attributes, operation: command };
}

async function wrapped<Value>(work: Promise<Value>, asked: Asked): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof NetlinkError ? ipvsError(error, asked) : error;
  }
}

function ipvsError(error: NetlinkError, { command, subject = '', explain = {} }: Asked): IpvsError {
  const explanation = error.code === 'EPERM' ? noPermission : explain[error.code];
  return new IpvsError(command, subject, error.code, error.kernelText ?? explanation);
}

function understood<Value>(value: Value | undefined, { command, subject = '' }: Asked): Value {
  if (value !== undefined) return value;
  throw new IpvsError(command, subject, 'EBADMSG', 'the answer of the kernel is not understood');
}
