/** Loads TypeScript that is not part of dist/: Node.js 20 does not read it, so the build's bundler makes one text of it, in memory. */
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './stamp.mjs';

/** `path` from the root of the repository. */
export async function loadTypeScript(path) {
  const bundle = await rolldown({ input: join(root, path), platform: 'node' });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
}
