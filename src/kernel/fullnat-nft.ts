/** FULLNAT's rules in a table of nftables of our own, by the program nft(8). */
import { type FullNatGroup, nftFacts, nftRemoval, nftTable, nftText } from '../fullnat/index.ts';
import type { AddressFamily } from '../net/address.ts';
import type { FilterResult, FullNatBackend } from './fullnat-backend.ts';
import { runFilterProgram } from './fullnat-program.ts';
import { openNftGeneration } from './nft-generation.ts';

const words = { 4: 'ip', 6: 'ip6' } as const;

export function openNftBackend(): FullNatBackend {
  const generation = openNftGeneration();
  const remove = (family: AddressFamily) => load(nftRemoval(family));
  return {
    name: 'nftables',
    kind: 'nftables',
    install: (family: AddressFamily, groups: readonly FullNatGroup[]) => load(nftText(family, groups)),
    observe,
    remove,
    removeLeftovers: async (family) => {
      const found = await observe(family);
      if (found.ok && found.value.length > 0) await remove(family);
    },
    generation: () => generation.read(),
    close: () => generation.close(),
  };
}

const done = { ok: true, value: undefined } as const;

async function load(text: string): Promise<FilterResult<undefined>> {
  const result = await nft(['-f', '-'], text);
  return result.ok ? done : result;
}

async function observe(family: AddressFamily): Promise<FilterResult<readonly string[]>> {
  // Without counters, ports and protocols by number: what is told must be told the same way each time.
  const listing = await nft(['-s', '-nn', 'list', 'table', words[family], nftTable], '');
  if (listing.ok) return { ok: true, value: nftFacts(listing.value) };
  return isAbsent(listing.problem) ? { ok: true, value: [] } : listing;
}

/** No such table, or a kernel that has no tables of that family. */
function isAbsent(problem: string): boolean {
  return /No such file or directory|Operation not supported/.test(problem);
}

function nft(words: readonly string[], input: string): Promise<FilterResult<string>> {
  return runFilterProgram({ program: 'nft', arguments: words, input, package: 'nftables' });
}
