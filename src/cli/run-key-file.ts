/** keepalived.conf(5): auth_hmac with a key in a file, from disk. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { KeyFile } from '../config-parser/index.ts';

/** Longer ones are refused, whatever is in them: a key is 64 bytes, or 128 digits and the end of a line. */
const longestBytes = 4096;

/** Never waits: what is no ordinary file is refused unread. */
export function readKeyFile(path: string): KeyFile {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const status = fstatSync(descriptor);
      if (!status.isFile()) return { error: 'it is not a file' };
      const bytes = Buffer.alloc(longestBytes + 1);
      const length = readSync(descriptor, bytes, 0, bytes.length, 0);
      if (length > longestBytes) return { error: `it is longer than ${longestBytes} bytes` };
      return { bytes: bytes.subarray(0, length), isReadableByOthers: (status.mode & 0o077) !== 0 };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
