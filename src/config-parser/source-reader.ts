/** How the parser gets at files: the only thing it asks of the world, and it is passed in. */

export type ReadResult = { readonly text: string } | ReadFailure;

export interface ReadFailure {
  /** In words, such as `no such file or directory`. */
  readonly error: string;
  /** Marks what keepalived leaves out: directories, programs. */
  readonly isSkipped?: boolean;
  /** There is no such file, so that nothing matches its path; a reader that cannot tell leaves it out. */
  readonly isMissing?: boolean;
}

export interface SourceReader {
  read(path: string): ReadResult;
  /** Paths that match a glob(3) pattern with braces, sorted. Without it, patterns are refused with a message. */
  readonly glob?: (pattern: string) => readonly string[];
}
