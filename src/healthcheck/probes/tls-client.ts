/**
 * TLS for SSL_GET. As with keepalived the server's certificate is not verified: a check asks whether the server works, and its
 * clients judge whom they trust. Protocol versions and ciphers are OpenSSL's defaults, which are TLS 1.2 and newer.
 */
import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext } from 'node:tls';
import type {
  ClientCertificateConfig,
  HttpCheckConfig,
  HttpUrlConfig,
} from '../../config-parser/config-checks.ts';
import { EndWatch } from './end-watch.ts';
import type { SecureChannel } from './stream-conversation.ts';
import type { StreamTools } from './stream-tools.ts';

export class TlsClient {
  readonly #context: SecureContext;

  /** A text says why the client certificate cannot be used. */
  static create({ clientCertificate }: HttpCheckConfig, tools: StreamTools): TlsClient | string {
    if (clientCertificate === undefined) return new TlsClient(plainContext());
    const files = readFiles(clientCertificate, tools);
    if (typeof files === 'string') return files;
    const { password } = clientCertificate;
    try {
      const context = createSecureContext({
        ...authorities,
        ...files,
        ...(password !== undefined && { passphrase: password }),
      });
      return new TlsClient(context);
    } catch (error) {
      return `The files of SSL { } cannot be used for TLS: ${messageOf(error)}.`;
    }
  }

  private constructor(context: SecureContext) {
    this.#context = context;
  }

  /**
   * Sessions are resumed from one attempt to the next, each url's on its own, which spares both sides the costly part of the
   * handshake. A server that does not know a session any more makes a full handshake.
   */
  channelTo({ tlsServerName, tlsCompliant }: HttpUrlConfig): (raw: Socket) => SecureChannel {
    // RFC 6066 section 3: a server name is never an address.
    const serverName = tlsServerName === undefined || isIP(tlsServerName) !== 0 ? undefined : tlsServerName;
    let session: Buffer | undefined;
    return (raw) => {
      const watch = tlsCompliant ? new EndWatch(raw) : undefined;
      const socket = connect({
        socket: watch ?? raw,
        secureContext: this.#context,
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
        ...(serverName !== undefined && { servername: serverName }),
        ...(session !== undefined && { session }),
      });
      socket.on('session', (next: Buffer) => {
        session = next;
      });
      socket.once('error', () => {
        session = undefined;
      });
      return { socket, isEndAnnounced: () => watch?.hasEnded !== true };
    };
  }
}

/** None: Node.js would else load its own 140 for every context. */
const authorities = { ca: [] };

let sharedContext: SecureContext | undefined;

function plainContext(): SecureContext {
  sharedContext ??= createSecureContext(authorities);
  return sharedContext;
}

type PemFiles = { readonly ca?: Buffer[]; readonly cert?: Buffer; readonly key?: Buffer };

function readFiles(files: ClientCertificateConfig, tools: StreamTools): PemFiles | string {
  const { authorities: ca, certificate: cert, key } = files;
  let path = '';
  const read = (from: string): Buffer => {
    path = from;
    return Buffer.from(tools.readFile(from));
  };
  try {
    return {
      ...(ca !== undefined && { ca: [read(ca)] }),
      ...(cert !== undefined && { cert: read(cert) }),
      ...(key !== undefined && { key: read(key) }),
    };
  } catch (error) {
    return `The file ${path} of SSL { } cannot be read: ${messageOf(error)}.`;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
