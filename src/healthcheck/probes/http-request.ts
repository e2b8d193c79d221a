/** The request of HTTP_GET and SSL_GET, byte for byte as keepalived sends it. Pure. */
import type { HttpCheckConfig, HttpUrlConfig } from '../../config-parser/config-checks.ts';

/** In Latin-1. RFC 9112 section 9.6: who asks in HTTP/1.1 for one page only says that the connection is to end. */
export function httpRequest({ httpProtocol }: HttpCheckConfig, { path, hostHeader }: HttpUrlConfig): string {
  const version = httpProtocol === '1.1' ? '1.1' : '1.0';
  const connection = httpProtocol === '1.0' ? '' : 'Connection: close\r\n';
  return `GET ${safePath(path)} HTTP/${version}\r\nUser-Agent: KeepAliveClient\r\n${connection}Host: ${safeHost(hostHeader)}\r\n\r\n`;
}

/** What would end the request line, or is not ASCII, as percent and its UTF-8. */
function safePath(path: string): string {
  return path.replace(/[^\x21-\x7e]/gu, (character) =>
    Array.from(
      new TextEncoder().encode(character),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join(''),
  );
}

function safeHost(host: string): string {
  return host.replace(/[^\x21-\x7e]/gu, '');
}
