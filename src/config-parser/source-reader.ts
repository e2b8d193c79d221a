/** How the parser gets at files: the only thing it asks of the world, and it is passed in. */

export type ReadResult =
  | { readonly text: string }
  /** In words, such as `no such file or directory`. `isSkipped` marks what keepalived leaves out: directories, programs. */
  | { readonly error: string; readonly isSkipped?: boolean };

export interface SourceReader {
  read(path: string): ReadResult;
  /** Paths that match a glob(3) pattern with braces, sorted. Without it, patterns are refused with a message. */
  readonly glob?: (pattern: string) => readonly string[];
}
