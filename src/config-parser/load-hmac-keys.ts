/** keepalived.conf(5): auth_hmac keys that stand in files. They are read through an argument; no message says what a key is. */
import type { AuthHmacConfig, Config, VrrpInstanceConfig } from './config.ts';
import type { Diagnostic, Span } from './diagnostics.ts';
import type { HmacKey } from './schema/index.ts';

export type KeyFile =
  | {
      readonly bytes: Uint8Array;
      /** By its group or by others. */
      readonly isReadableByOthers: boolean;
    }
  | { readonly error: string };

export interface LoadedKeys {
  readonly config: Config;
  /** `fatal` where a key cannot be used: its instance would otherwise drop what a peer signs with it. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The raw key is as long as the hash's output at least, and as its block at most. */
const shortestKeyBytes = 32;
const longestKeyBytes = 64;

/**
 * `config` with every key of the form `file` as `hex`. Each file is asked for once.
 *
 * @param spanOf where a key stands: `spanOf` of what parseConfig gave.
 */
export function loadHmacKeys(
  config: Config,
  readKeyFile: (path: string) => KeyFile,
  spanOf: (part: object) => Span | undefined = () => undefined,
): LoadedKeys {
  const diagnostics: Diagnostic[] = [];
  const files = new Map<string, KeyFile>();
  const load = (key: HmacKey): HmacKey => {
    if (key.form !== 'file') return key;
    const file = files.get(key.value) ?? readKeyFile(key.value);
    files.set(key.value, file);
    diagnostics.push(...problemsOf(key, file, spanOf(key)));
    return 'error' in file ? key : { ...key, form: 'hex', value: hexOf(keyBytes(file.bytes)) };
  };
  const vrrpInstances = config.vrrpInstances.map((instance) => withKeys(instance, load));
  return { config: { ...config, vrrpInstances }, diagnostics };
}

function withKeys(instance: VrrpInstanceConfig, load: (key: HmacKey) => HmacKey): VrrpInstanceConfig {
  const { authHmac } = instance;
  if (authHmac?.keys.some(({ form }) => form === 'file') !== true) return instance;
  const loaded: AuthHmacConfig = { ...authHmac, keys: authHmac.keys.map(load) };
  return { ...instance, authHmac: loaded };
}

function problemsOf(key: HmacKey, file: KeyFile, span: Span | undefined): readonly Diagnostic[] {
  const place = span && { span };
  if ('error' in file) {
    const message = `the file of key ${key.id}, ${key.value}, cannot be read: ${file.error}`;
    return [{ severity: 'fatal', code: 'auth-hmac-key-file', message, ...place }];
  }
  const problems: Diagnostic[] = [];
  const { length } = keyBytes(file.bytes);
  if (length < shortestKeyBytes || length > longestKeyBytes) {
    const message = `the file of key ${key.id}, ${key.value}, must hold ${shortestKeyBytes} to ${longestKeyBytes} bytes, found ${length}`;
    problems.push({ severity: 'fatal', code: 'auth-hmac-key-file', message, ...place });
  }
  if (file.isReadableByOthers) {
    problems.push({
      severity: 'warning',
      code: 'key-file-readable',
      reason: 'security',
      message: `the file of key ${key.id}, ${key.value}, can be read by others than its owner`,
      help: `run "chmod 600 ${key.value}"`,
      ...place,
    });
  }
  return problems;
}

const newline = 0x0a;

/** Without the newline that an editor leaves at the end. */
function keyBytes(bytes: Uint8Array): Uint8Array {
  return bytes.at(-1) === newline ? bytes.subarray(0, -1) : bytes;
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
