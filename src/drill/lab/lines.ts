/** A program's output as lines, each as soon as it is whole. */
import type { Readable } from 'node:stream';

export function onLines(stream: Readable | null, take: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  stream?.on('end', () => {
    if (rest !== '') take(rest);
    rest = '';
  });
}

/** Where the programs are that run as processes of their own: compiled, wherever this file runs from. */
export function labProgram(name: string): string {
  return new URL(`../../../dist/drill/lab/programs/${name}.js`, import.meta.url).pathname;
}
