/** Makes a fresh clone ready: Debian packages, npm packages, native addon, parser, dist/. Quick when nothing is missing. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { installDebianPackages } from './debian-packages.mjs';
import { run, runMain, StepFailure, step } from './progress.mjs';
import { root } from './stamp.mjs';

const oldestNode = [20, 19];

await runMain(() => {
  requireNode();
  installDebianPackages();
  step('npm packages', installNpmPackages);
  build();
  return 0;
});

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new StepFailure(
    `holdfast needs Node.js ${oldestNode.join('.')} or newer; this is ${process.versions.node}.`,
  );
}

/** npm writes node_modules/.package-lock.json last: while it is older than the lock file, something is missing. */
function installNpmPackages() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const isCurrent =
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
  if (isCurrent) return false;
  // Not `npm ci`: it refuses a lock file that lacks a tool's builds for other platforms, which a registry's mirror may
  // not carry. `--no-save` takes the lock file's versions all the same, and leaves it as it is. No install scripts: ours
  // builds the addon, which is the next step's, and no dependency needs its own.
  run('npm', ['install', '--no-save', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: root,
  });
}
