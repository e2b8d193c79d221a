/** The tutorial's keepalived.conf files, as they are in examples/, and what can be made of them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DirectorName } from './tutorial-network.ts';

/** `two-instances`: the tutorial's section 1.8.3, where each director is Master of one address. */
export type TutorialVariant = 'one-instance' | 'two-instances';

/** The unchanged file of that director. */
export function exampleFile(name: DirectorName, variant: TutorialVariant = 'one-instance'): string {
  const suffix = variant === 'two-instances' ? '-two-instances' : '';
  return fileURLToPath(new URL(`../../examples/${name}${suffix}.conf`, import.meta.url));
}

/** A copy in `folder` that ends before the first virtual server: keepalived does not run one without IPVS. */
export function vrrpOnlyFile(name: DirectorName, folder: string): string {
  const whole = readFileSync(exampleFile(name), 'utf8');
  const file = join(folder, `${name}-vrrp-only.conf`);
  writeFileSync(file, whole.slice(0, whole.indexOf('virtual_server ')));
  return file;
}
