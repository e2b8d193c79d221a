/** The name of a file as a URI reference, RFC 3986: relative to where the linter runs, so that CI can find it. */

/** `sub/lb01.conf`; what lies elsewhere is `file:///etc/keepalived/keepalived.conf`. */
export function addressOf(file: string, baseFolder: string): string {
  const base = baseFolder.endsWith('/') ? baseFolder : `${baseFolder}/`;
  if (file.startsWith(base)) return encode(file.slice(base.length));
  if (file.startsWith('/')) return `file://${encode(file)}`;
  return encode(file.replace(/^(\.\/+)+/, ''));
}

function encode(path: string): string {
  // Half a character, which a file system may hold, has no encoding.
  return path
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
}
