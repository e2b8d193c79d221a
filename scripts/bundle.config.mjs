/**
 * Few files instead of one a module: Node.js needs a third of a millisecond to find, read and compile each, and a slow machine many
 * times that. A linter of some two hundred rules would spend most of its time so, and a daemon of three processes seconds before it
 * has a table. `HOLDFAST_BUNDLE` is the compiled folder, in which the entries replace what they were made from.
 */
import { join } from 'node:path';
import process from 'node:process';

const folder = process.env.HOLDFAST_BUNDLE ?? 'dist';

/** The commands that only read and write texts. */
const commands = {
  input: { main: join(folder, 'main.js') },
  platform: 'node',
  // `run` is the daemon's, and the drills stay as compiled.
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

/** The daemon: its processes keep the names of their files, by which they are told apart, and their stack traces. */
const daemon = {
  input: Object.fromEntries(
    ['cli/run', ...['vrrp', 'checker', 'script', 'bfd'].map((role) => `daemon/${role}-process/main`)].map(
      (entry) => [entry, join(folder, `${entry}.js`)],
    ),
  ),
  platform: 'node',
  output: {
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'bundled/daemon/[name]-[hash].js',
  },
};

// biome-ignore lint/style/noDefaultExport: the bundler reads its configuration so
export default [commands, daemon];
