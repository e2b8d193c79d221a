/** Makes what the sources do not hold: the native addon, the parser from its grammar, and dist/. Only what changed. */
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run, runMain, step } from './progress.mjs';
import { fingerprint, isStamped, root, stamp } from './stamp.mjs';

const generated = 'src/config-parser/generated';

export function build() {
  step('native addon', buildAddon);
  step('parser', generateParser);
  step('dist/', compile);
}

/** node-gyp-build is content with any addon that loads: an old one must go before it builds a new one. */
function buildAddon() {
  const sources = fingerprint(['native', 'binding.gyp']);
  if (isStamped('addon', sources) && hasAddon()) return false;
  rmSync(join(root, 'build'), { recursive: true, force: true });
  run('npm', ['run', 'install'], { cwd: root });
  stamp('addon', sources);
}

function hasAddon() {
  const folder = join(root, 'build', 'Release');
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.node'));
}

function generateParser() {
  const grammar = fingerprint(['grammar', 'node_modules/peggy/package.json']);
  const parser = join(generated, 'keepalived-grammar.js');
  if (isStamped('parser', grammar) && existsSync(join(root, parser))) return false;
  mkdirSync(join(root, generated), { recursive: true });
  const options = ['--format', 'es', '--dts', '-o', parser];
  run(tool('peggy'), [...options, 'grammar/keepalived.peggy'], { cwd: root });
  stamp('parser', grammar);
}

/** Into a folder of its own first, so that dist/ is whole at any time and holds nothing of deleted sources. */
function compile() {
  const sources = fingerprint([
    'src',
    'grammar',
    'tsconfig.json',
    'tsconfig.build.json',
    'scripts/bundle.config.mjs',
    'node_modules/typescript/package.json',
    'node_modules/rolldown/package.json',
  ]);
  const dist = join(root, 'dist');
  if (isStamped('dist', sources) && existsSync(join(dist, 'main.js'))) return false;
  const draft = join(root, '.holdfast', `dist-${process.pid}`);
  try {
    run(tool('tsc'), ['-p', 'tsconfig.build.json', '--outDir', draft], { cwd: root });
    // The compiler sees the parser's declarations, and does not copy its code.
    cpSync(join(root, generated), join(draft, 'config-parser', 'generated'), { recursive: true });
    bundle(draft);
    replaceFolder(dist, draft);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  stamp('dist', sources);
}

function bundle(folder) {
  run(tool('rolldown'), ['--config', 'scripts/bundle.config.mjs', '--logLevel', 'warn'], {
    cwd: root,
    env: { ...process.env, HOLDFAST_BUNDLE: folder },
  });
}

function replaceFolder(folder, draft) {
  const old = `${draft}-old`;
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(draft, folder);
  rmSync(old, { recursive: true, force: true });
}

function tool(name) {
  return join(root, 'node_modules', '.bin', name);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(() => {
    build();
    return 0;
  });
}
