/** Finds the instance and the keyword that something the parser says is about, by its place. */
import type { Diagnostic, Given, Span } from '../../../../config-parser/index.ts';
import type { FileModel, InstanceModel } from '../../../model/index.ts';

export interface InstancePlace {
  readonly instance: InstanceModel;
  /** Also of the block inside: `auth_pass`. `vrrp_instance` for the heading. */
  readonly keyword: string;
}

/** Of a diagnostic with this code; undefined for others, and outside of all instances. */
export function placeOf(file: FileModel, diagnostic: Diagnostic, code: string): InstancePlace | undefined {
  const { span } = diagnostic;
  if (diagnostic.code !== code || span === undefined) return undefined;
  return indexOf(file).get(keyOf(span));
}

/** As `placeOf`, when that keyword is what it is about. */
export function instanceAt(
  file: FileModel,
  diagnostic: Diagnostic,
  code: string,
  keyword: string,
): InstanceModel | undefined {
  const place = placeOf(file, diagnostic, code);
  return place?.keyword === keyword ? place.instance : undefined;
}

type Index = ReadonlyMap<string, InstancePlace>;

const indexes = new WeakMap<FileModel, Index>();

function indexOf(file: FileModel): Index {
  const known = indexes.get(file);
  if (known !== undefined) return known;
  const index = new Map<string, InstancePlace>();
  for (const instance of file.instances) {
    addGiven(index, instance, instance.values.given);
    index.set(keyOf(instance.heading), { instance, keyword: 'vrrp_instance' });
  }
  indexes.set(file, index);
  return index;
}

function addGiven(index: Map<string, InstancePlace>, instance: InstanceModel, all: readonly Given[]): void {
  for (const given of all) {
    const place = { instance, keyword: given.keyword };
    index.set(keyOf(given.heading), place);
    index.set(keyOf(given.span), place);
    addGiven(index, instance, given.values.given);
    if (given.keyword === 'unicast_peer') addWords(index, place, given);
  }
}

/** Also of lines that cannot be read and are no entries for that reason. */
function addWords(index: Map<string, InstancePlace>, place: InstancePlace, { statement }: Given): void {
  for (const { keyword, args } of statement.block?.statements ?? []) {
    for (const word of [keyword, ...args]) index.set(keyOf(word), place);
  }
}

function keyOf({ file, start }: Span): string {
  return `${start} ${file}`;
}
