/**
 * The commands that only read and write texts, put together into a few files: a linter of some two hundred rules would else
 * spend most of its time on opening files. The daemon stays as it is, since its processes are found by their files' names.
 * `HOLDFAST_BUNDLE` is the compiled folder, whose main.js is replaced.
 */
import { join } from 'node:path';
import process from 'node:process';

const folder = process.env.HOLDFAST_BUNDLE ?? 'dist';

// biome-ignore lint/style/noDefaultExport: the bundler reads its configuration so
export default {
  input: { main: join(folder, 'main.js') },
  platform: 'node',
  // `run` loads the daemon, its addon and its children from their own places.
  external: [/\/cli\/run\.js$/, /\/drill\//],
  output: {
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'bundled/[name]-[hash].js',
    // Less to read at each start; whoever wants the names in a stack trace runs dist/cli/ as compiled.
    minify: { compress: false, mangle: true, codegen: { removeWhitespace: true } },
  },
};
