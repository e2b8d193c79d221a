/** Finds out whether something that the parser says stands in a list of addresses, also on a line that it could not read. */
import type { Diagnostic, Given, Span } from '../../../../config-parser/index.ts';
import type { FileModel } from '../../../model/index.ts';

const lists = ['virtual_ipaddress', 'virtual_ipaddress_excluded'] as const;

export function isInAddressList({ span }: Diagnostic, file: FileModel): boolean {
  return span !== undefined && placesOf(file).has(keyOf(span));
}

const known = new WeakMap<FileModel, ReadonlySet<string>>();

/** Where each word of such a list begins. Made only for files of which there is something to say. */
function placesOf(file: FileModel): ReadonlySet<string> {
  const before = known.get(file);
  if (before !== undefined) return before;
  const places = new Set<string>();
  for (const { values } of file.instances) {
    for (const list of lists) for (const given of values.all(list)) addWords(places, given);
  }
  for (const given of file.root.all('static_ipaddress')) addWords(places, given);
  known.set(file, places);
  return places;
}

function addWords(places: Set<string>, { statement }: Pick<Given, 'statement'>): void {
  for (const { keyword, args } of statement.block?.statements ?? []) {
    for (const word of [keyword, ...args]) places.add(keyOf(word));
  }
}

function keyOf({ file, start }: Span): string {
  return `${start} ${file}`;
}
