/** What is known of a word of keepalived.conf(5): that it works and what shows it, or why it need not. */

export interface Proof {
  /** Relative to the repository. */
  readonly file: string;
  /** `describe › test`, as it is written in the file. */
  readonly title: string;
  /** The test runs keepalived beside holdfast. */
  readonly isPeer?: true;
}

export type Verdict =
  /** It changes what holdfast does: at least one of the proofs shows behaviour, not only how it is read. */
  | { readonly kind: 'proven'; readonly proofs: readonly Proof[] }
  /** All that it does is done when the file is read. */
  | { readonly kind: 'settled while reading'; readonly why: string; readonly proofs: readonly Proof[] }
  /** holdfast does so whether the word is there or not. */
  | { readonly kind: 'always so'; readonly why: string; readonly proofs: readonly Proof[] }
  | { readonly kind: 'without effect'; readonly why: string }
  /** Read and checked, and the user is told that nothing follows. */
  | { readonly kind: 'not done'; readonly why: string }
  /** It should change something, and no test shows that it does. */
  | { readonly kind: 'not proven'; readonly why: string; readonly proofs: readonly Proof[] };

/** By block, by word. */
export type Verdicts = Readonly<Record<string, Readonly<Record<string, Verdict>>>>;

export function proven(...proofs: readonly Proof[]): Verdict {
  return { kind: 'proven', proofs };
}

export function settledWhileReading(why: string, ...proofs: readonly Proof[]): Verdict {
  return { kind: 'settled while reading', why, proofs };
}

export function alwaysSo(why: string, ...proofs: readonly Proof[]): Verdict {
  return { kind: 'always so', why, proofs };
}

export function withoutEffect(why: string): Verdict {
  return { kind: 'without effect', why };
}

export function notDone(why: string): Verdict {
  return { kind: 'not done', why };
}

/** @param proofs of how it is read; what it changes nobody has shown yet */
export function notProven(why: string, ...proofs: readonly Proof[]): Verdict {
  return { kind: 'not proven', why, proofs };
}

/** The same verdict for several words. */
export function each(words: readonly string[], verdict: Verdict): Readonly<Record<string, Verdict>> {
  return Object.fromEntries(words.map((word) => [word, verdict]));
}

export function inFile(file: string): (title: string) => Proof {
  return (title) => ({ file: `test/${file}.test.ts`, title });
}

/** Of a test that runs keepalived beside holdfast. */
export function besideKeepalived(file: string): (title: string) => Proof {
  return (title) => ({ file: `test/${file}.test.ts`, title, isPeer: true });
}

export type ProofKind = 'parse' | 'core' | 'shell' | 'kernel' | 'peer';

export function kindOf({ file, isPeer }: Proof): ProofKind {
  if (isPeer) return 'peer';
  if (file.startsWith('test/integration/')) return 'kernel';
  if (file.startsWith('test/config-parser/')) return 'parse';
  if (file.startsWith('test/healthcheck/probes/')) return 'shell';
  const isCore = /^test\/(?:vrrp|tracking|bfd|notify|net|simulation|healthcheck|ipvs-sync|fullnat)\//.test(
    file,
  );
  return isCore ? 'core' : 'shell';
}
