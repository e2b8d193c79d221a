/**
 * FULLNAT's rules in chains of our own of iptables(8), for kernels without nftables. The kernel tells nobody of changes there:
 * the table is read anew to find them.
 */
import { readFile } from 'node:fs/promises';
import { type FullNatGroup, iptablesFacts, iptablesRemoval, iptablesText } from '../fullnat/index.ts';
import type { AddressFamily } from '../net/address.ts';
import type { FilterResult, FullNatBackend } from './fullnat-backend.ts';
import { runFilterProgram } from './fullnat-program.ts';

/** `legacy` is the program that speaks to the kernel's ip_tables; `default` is the one that this host calls iptables. */
export function iptablesBackend(variant: 'legacy' | 'default'): FullNatBackend {
  const suffix = variant === 'legacy' ? '-legacy' : '';
  const program = (family: AddressFamily, what: 'save' | 'restore') =>
    `${family === 4 ? 'iptables' : 'ip6tables'}${suffix}-${what}`;
  /** What was read last. */
  const known = new Map<AddressFamily, string>();
  const save = async (family: AddressFamily) => {
    const saved = await run(program(family, 'save'), ['-t', 'nat'], '');
    if (saved.ok) known.set(family, saved.value);
    return saved;
  };
  // Others may hold the lock of iptables for a moment.
  const restore = (family: AddressFamily, text: string) =>
    run(program(family, 'restore'), ['--noflush', '--wait', '5'], text);
  /** Reads first: what goes is named one by one, and anything that fails leaves everything as it was. */
  const change = async (
    family: AddressFamily,
    textOf: (saved: string) => string,
  ): Promise<FilterResult<undefined>> => {
    const saved = await save(family);
    if (!saved.ok) return saved;
    const text = textOf(saved.value);
    if (text === '') return done;
    const result = await restore(family, text);
    return result.ok ? done : result;
  };
  /** A stop has little time: what was read last is nearly always what is there, and nothing happens where it is not. */
  const remove = async (family: AddressFamily): Promise<FilterResult<undefined>> => {
    const text = iptablesRemoval(known.get(family) ?? '');
    known.delete(family);
    if (text !== '' && (await restore(family, text)).ok) return done;
    return change(family, iptablesRemoval);
  };
  return {
    name: `iptables${suffix}`,
    kind: 'iptables',
    install: (family: AddressFamily, groups: readonly FullNatGroup[]) =>
      change(family, (saved) => iptablesText(groups, saved)),
    observe: async (family) => {
      const saved = await save(family);
      return saved.ok ? { ok: true, value: iptablesFacts(saved.value) } : saved;
    },
    remove,
    removeLeftovers: async (family) => {
      if (await hasNatTable(family)) await remove(family);
    },
    generation: async () => undefined,
    close: () => undefined,
  };
}

const done = { ok: true, value: undefined } as const;

/** To read the table by iptables-save would load the kernel's module for it. */
async function hasNatTable(family: AddressFamily): Promise<boolean> {
  try {
    const names = await readFile(`/proc/net/${family === 4 ? 'ip' : 'ip6'}_tables_names`, 'utf8');
    return names.split('\n').includes('nat');
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

function run(program: string, words: readonly string[], input: string): Promise<FilterResult<string>> {
  return runFilterProgram({ program, arguments: words, input, package: 'iptables' });
}
