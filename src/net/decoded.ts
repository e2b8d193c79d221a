/**
 * What a decoder returns. Bytes from the network are somebody else's: a bad one is a value with a reason, to be counted and
 * dropped, never an exception.
 */

/** `reason` is one word of the decoder's own list; `detail` a sentence for the operator. */
export type Decoded<T, Reason extends string = string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: { readonly reason: Reason; readonly detail: string } };

export function decoded<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function rejected<Reason extends string>(
  reason: Reason,
  detail: string,
): { readonly ok: false; readonly error: { readonly reason: Reason; readonly detail: string } } {
  return { ok: false, error: { reason, detail } };
}
