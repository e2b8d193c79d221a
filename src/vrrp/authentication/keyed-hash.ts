/** HMAC with keys that do not change: what depends on the key alone is computed once. */
import { hmac } from '@noble/hashes/hmac.js';
import { md5 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { AuthHmacConfig } from '../../config-parser/config.ts';

/** The HMAC (RFC 2104) of all parts in a row. */
export type KeyedHash = (...parts: readonly Uint8Array[]) => Uint8Array;

/** RFC 2403. HMAC fills a short key with NUL to 64 bytes, so 8 bytes with NUL behind the key are the same key. */
export function hmacMd5(key: Uint8Array): KeyedHash {
  return keyedHash(hmac.create(md5, key));
}

/** RFC 4868. */
export function hmacSha256(key: Uint8Array): KeyedHash {
  return keyedHash(hmac.create(sha256, key));
}

const hashesOf = new WeakMap<AuthHmacConfig, ReadonlyMap<number, KeyedHash>>();

/** Undefined where `auth_hmac` has no key of that number. Throws for a key that is still in its file. */
export function keyedHashOf(config: AuthHmacConfig, keyId: number): KeyedHash | undefined {
  let hashes = hashesOf.get(config);
  if (hashes === undefined) {
    hashes = new Map(config.keys.map((key) => [key.id, hmacSha256(keyBytes(key))]));
    hashesOf.set(config, hashes);
  }
  return hashes.get(keyId);
}

function keyBytes({ id, form, value }: AuthHmacConfig['keys'][number]): Uint8Array {
  switch (form) {
    case 'text':
      return new TextEncoder().encode(value);
    case 'hex':
      return Uint8Array.from(value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    case 'file':
      throw new Error(`key ${id} of auth_hmac has not been read from ${value}`);
  }
}

function keyedHash(keyed: ReturnType<typeof hmac.create>): KeyedHash {
  return (...parts) => {
    const hash = keyed.clone();
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
}
