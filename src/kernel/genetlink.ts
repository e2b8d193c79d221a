/**
 * Generic netlink (linux/genetlink.h): the number of a family, and messages with a command to it. Knows no family's
 * commands.
 */
import { attributeText, concatenate, decodeAttributes, readU16 } from '../ipvs-sync/attributes.ts';
import { NETLINK_GENERIC, NLM_F_DUMP } from './netlink/constants.ts';
import {
  NetlinkConnection,
  NetlinkError,
  type NetlinkMessage,
  type NetlinkRequest,
  type OpenTransport,
  requestTransport,
} from './netlink/index.ts';

const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_ID = 1;
const CTRL_ATTR_FAMILY_NAME = 2;
const CTRL_VERSION = 2;
/** struct genlmsghdr: command, version, two reserved bytes. */
const headerBytes = 4;

/**
 * So many requests at most go to the kernel in one datagram. It does them before our call returns, which is to be soon,
 * and each may be refused, which takes about 1 KiB of a receive buffer that is 208 KiB where the process may not enlarge it.
 */
export const mostAtOnce = 100;

export interface GenericRequest {
  readonly command: number;
  readonly attributes: Uint8Array;
  /** What an error says was being done. */
  readonly operation: string;
}

/** One family over one socket. */
export class GenericNetlinkFamily {
  readonly #connection: NetlinkConnection;
  readonly #type: number;
  readonly #version: number;
  /** The dump under way: the kernel refuses a second one on the same socket (EBUSY). */
  #dumping: Promise<unknown> = Promise.resolve();

  private constructor(connection: NetlinkConnection, type: number, version: number) {
    this.#connection = connection;
    this.#type = type;
    this.#version = version;
  }

  /** Rejects with a NetlinkError, ENOENT when the kernel has no family `name`: its module is not loaded. */
  static async open(
    name: string,
    version: number,
    open: OpenTransport = requestTransport(NETLINK_GENERIC),
  ): Promise<GenericNetlinkFamily> {
    const connection = new NetlinkConnection(open);
    try {
      return new GenericNetlinkFamily(connection, await familyNumber(connection, name), version);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Resolves when the kernel has acknowledged, else rejects with a NetlinkError. */
  async perform(request: GenericRequest): Promise<void> {
    const [error] = await this.#connection.perform([this.#message(request, 0)]);
    if (error !== undefined) throw error;
  }

  /**
   * In order, `mostAtOnce` in a datagram, the next when the last is acknowledged. One entry a request, undefined for
   * success; never rejects.
   */
  async performAll(requests: readonly GenericRequest[]): Promise<readonly (NetlinkError | undefined)[]> {
    const errors: (NetlinkError | undefined)[] = [];
    for (let from = 0; from < requests.length; from += mostAtOnce) {
      const some = requests.slice(from, from + mostAtOnce).map((request) => this.#message(request, 0));
      errors.push(...(await this.#connection.perform(some)));
    }
    return errors;
  }

  /** The attributes of the one answer. Rejects with a NetlinkError. */
  async query(request: GenericRequest): Promise<Uint8Array> {
    const [answer] = await this.#connection.query(this.#message(request, 0));
    if (answer === undefined) throw new NetlinkError(request.operation, 'ENODATA');
    return attributesOf(answer);
  }

  /**
   * What `read` makes of the attributes of each message of a dump. Dumps asked for at once are done one after the other.
   * Rejects with a NetlinkError, or with what `read` threw.
   */
  dump<Value>(request: GenericRequest, read: (attributes: Uint8Array) => Value): Promise<readonly Value[]> {
    const answers = this.#dumping.then(() => this.#dumpNow(request, read));
    this.#dumping = answers.catch(() => undefined);
    return answers;
  }

  close(): void {
    this.#connection.close();
  }

  async #dumpNow<Value>(
    request: GenericRequest,
    read: (attributes: Uint8Array) => Value,
  ): Promise<readonly Value[]> {
    const values: Value[] = [];
    let failure: { readonly error: unknown } | undefined;
    // Read as they come, so that a table of thousands is not work of one piece. A failure must not unwind into the socket.
    await this.#connection.stream(this.#message(request, NLM_F_DUMP), (message) => {
      try {
        if (failure === undefined) values.push(read(attributesOf(message)));
      } catch (error) {
        failure = { error };
      }
    });
    if (failure !== undefined) throw failure.error;
    return values;
  }

  #message(request: GenericRequest, flags: number): NetlinkRequest {
    return {
      type: this.#type,
      flags,
      body: encodeBody(request.command, this.#version, request.attributes),
      operation: request.operation,
    };
  }
}

async function familyNumber(connection: NetlinkConnection, name: string): Promise<number> {
  const operation = `CTRL_CMD_GETFAMILY ${name}`;
  const [answer] = await connection.query({
    type: GENL_ID_CTRL,
    flags: 0,
    body: encodeBody(CTRL_CMD_GETFAMILY, CTRL_VERSION, attributeText(CTRL_ATTR_FAMILY_NAME, name)),
    operation,
  });
  const attributes = answer && decodeAttributes(attributesOf(answer));
  const number = attributes && readU16(attributes, CTRL_ATTR_FAMILY_ID);
  if (number === undefined) throw new NetlinkError(operation, 'EBADMSG');
  return number;
}

function encodeBody(command: number, version: number, attributes: Uint8Array): Uint8Array {
  return concatenate([Uint8Array.of(command, version, 0, 0), attributes]);
}

function attributesOf(message: NetlinkMessage): Uint8Array {
  return message.data.subarray(headerBytes);
}
