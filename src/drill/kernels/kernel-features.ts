/** Which kernel a lab runs on: this host's where it has what the lab needs, else the embedded one. */

import { runProgram } from '../run-program.ts';
import type { KernelNeed } from '../topology/derive-topology.ts';
import { embeddedKernelHere } from './embedded-kernel.ts';
import { ipvsOnThisKernel, namespacesOnThisKernel } from './host-kernel.ts';

export type KernelWish = 'auto' | 'host' | 'embedded';

export type LabKernel =
  | {
      readonly kernel: 'host' | 'embedded';
      readonly reason: string;
      /** What of the needs it has not, because it was asked for all the same. */
      readonly lacks: readonly KernelNeed[];
    }
  | { readonly kernel: 'none'; readonly reason: string };

const names: Readonly<Record<KernelNeed, string>> = {
  ipvs: 'IPVS',
  vlan: '802.1Q interfaces',
  dummy: 'dummy interfaces',
};

export async function chooseLabKernel(needs: readonly KernelNeed[], wish: KernelWish): Promise<LabKernel> {
  const embedded = embeddedKernelHere();
  if (wish === 'embedded') {
    return embedded.able
      ? { kernel: 'embedded', reason: 'it was asked for', lacks: [] }
      : { kernel: 'none', reason: embedded.reason };
  }
  const namespaces = await namespacesOnThisKernel();
  const missing = namespaces.able ? await missingHere(needs) : [];
  const lacks = `this host's kernel has no ${missing.map((need) => names[need]).join(' and no ')}`;
  if (namespaces.able && missing.length === 0)
    return { kernel: 'host', reason: 'it has what the files need', lacks: [] };
  const reason = namespaces.able ? lacks : namespaces.reason;
  // Asked for by name, it is taken for what it can do: without IPVS there still is VRRP.
  if (wish === 'host' && namespaces.able)
    return { kernel: 'host', reason: `it was asked for, though ${lacks}`, lacks: missing };
  if (wish === 'host' || !embedded.able) {
    const why = embedded.able ? reason : `${reason}, and ${embedded.reason}`;
    return { kernel: 'none', reason: why };
  }
  return { kernel: 'embedded', reason, lacks: [] };
}

async function missingHere(needs: readonly KernelNeed[]): Promise<readonly KernelNeed[]> {
  const answers = await Promise.all(needs.map(async (need) => ({ need, has: await has(need) })));
  return answers.filter((one) => !one.has).map(({ need }) => need);
}

async function has(need: KernelNeed): Promise<boolean> {
  if (need === 'ipvs') return (await ipvsOnThisKernel()).able;
  const link =
    need === 'dummy'
      ? ['link', 'add', 'hf-try', 'type', 'dummy']
      : ['link', 'add', 'link', 'lo', 'name', 'hf-try', 'type', 'vlan', 'id', '2'];
  return (await runProgram('unshare', ['--net', 'ip', ...link])).status === 0;
}
