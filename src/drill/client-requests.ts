/** The requests that a client's program has told, one line of JSON each. */
import type { Request } from './timeline.ts';

/** A line still being written, and anything that is not a request, is left out. */
export function parseRequests(text: string): readonly Request[] {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const requests = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Request);
  return requests.sort((a, b) => a.atMs - b.atMs);
}
