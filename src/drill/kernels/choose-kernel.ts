/** Which kernel a drill that needs IPVS runs on: this host's where it can, else the embedded one. */
import { embeddedKernelHere } from './embedded-kernel.ts';
import { ipvsOnThisKernel } from './host-kernel.ts';

export type KernelChoice =
  | { readonly kernel: 'host' }
  | { readonly kernel: 'embedded'; readonly reason: string }
  | { readonly kernel: 'none'; readonly reason: string };

export async function chooseKernel(): Promise<KernelChoice> {
  const host = await ipvsOnThisKernel();
  if (host.able) return { kernel: 'host' };
  const embedded = embeddedKernelHere();
  if (embedded.able) return { kernel: 'embedded', reason: host.reason };
  return { kernel: 'none', reason: `${host.reason}, and ${embedded.reason}` };
}
