/** Whether the kernel this process runs on can do the drill's work: network namespaces, and IPVS in them. */
import { runProgram } from '../run-program.ts';

export type KernelAnswer = { readonly able: true } | { readonly able: false; readonly reason: string };

/** Root and network namespaces: what every drill needs. */
export async function namespacesOnThisKernel(): Promise<KernelAnswer> {
  if (process.getuid?.() !== 0) return { able: false, reason: 'network namespaces need root' };
  const fresh = await tryProgram('unshare', ['--net', 'true']);
  return fresh === undefined ? { able: true } : { able: false, reason: `no network namespaces: ${fresh}` };
}

/** IPVS, its module loaded if there is one: /proc/net/ip_vs in a namespace of its own is the proof. */
export async function ipvsOnThisKernel(): Promise<KernelAnswer> {
  const namespaces = await namespacesOnThisKernel();
  if (!namespaces.able) return namespaces;
  await tryProgram('modprobe', ['ip_vs']);
  const table = await tryProgram('unshare', ['--net', 'cat', '/proc/net/ip_vs']);
  return table === undefined ? { able: true } : { able: false, reason: "this host's kernel has no IPVS" };
}

/** Why the program did not succeed, or undefined when it did. */
async function tryProgram(file: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const result = await runProgram(file, args, { timeoutMs: 10_000 });
    return result.status === 0 ? undefined : result.stderr.trim() || `exit status ${result.status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
