/** A configuration that comes by standard input. */
import type { SourceReader } from '../config-parser/index.ts';
import { sourceFiles } from './source-files.ts';

/** `name` holds `text`; what it includes comes from the disk all the same. */
export function textReader(name: string, text: string): SourceReader {
  const files = sourceFiles(name);
  return { ...files, read: (path) => (path === name ? { text } : files.read(path)) };
}
