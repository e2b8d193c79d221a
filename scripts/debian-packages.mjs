/** The programs that the build, the demo and the integration tests need, from Debian's packages where they are missing. */
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, StepFailure, step } from './progress.mjs';

/** Any package may bring the program (nginx-full is as good): the program is what is looked for. */
const packages = [
  { package: 'g++', program: 'g++', needed: 'the native addon' },
  { package: 'make', program: 'make', needed: 'the native addon' },
  { package: 'python3', program: 'python3', needed: 'the native addon' },
  { package: 'iproute2', program: 'ip', needed: 'network namespaces' },
  { package: 'ipvsadm', program: 'ipvsadm', needed: 'the demo' },
  { package: 'keepalived', program: 'keepalived', needed: 'tests and figures beside keepalived' },
  { package: 'nginx-light', program: 'nginx', needed: 'the demo' },
  { package: 'user-mode-linux', program: 'linux.uml', needed: 'IPVS where this kernel has none' },
  { package: 'kmod', program: 'depmod', needed: 'IPVS where this kernel has none' },
  { package: 'iptables', program: 'iptables', needed: 'integration tests' },
  { package: 'nftables', program: 'nft', needed: 'integration tests' },
  { package: 'tcpdump', program: 'tcpdump', needed: 'the demo and the figures' },
  { package: 'dnsmasq-base', program: 'dnsmasq', needed: 'tests of DNS_CHECK' },
  { package: 'exim4-daemon-light', program: 'exim4', needed: 'tests of SMTP_CHECK' },
  { package: 'chromium', program: 'chromium', needed: "tests of the drill's page" },
  { package: 'zsh', program: 'zsh', needed: 'tests of completion' },
  { package: 'fish', program: 'fish', needed: 'tests of completion' },
];

/** Installs what is missing; where that cannot be done, one line says what will be skipped. */
export function installDebianPackages() {
  const missing = packages.filter(({ program }) => !isInstalled(program));
  if (missing.length === 0) return;
  const names = missing.map((one) => one.package).join(' ');
  if (process.getuid?.() !== 0 || !isInstalled('apt-get')) {
    const why = isInstalled('apt-get') ? 'that needs root' : 'there is no apt-get here';
    const needs = [...new Set(missing.map((one) => one.needed))].join('; ');
    process.stdout.write(
      `Debian packages not installed, since ${why}: ${names}. Skipped without them: ${needs}.\n`,
    );
    return;
  }
  step(`Debian packages ${names}`, () => install(missing));
  const failed = missing.filter(({ program }) => !isInstalled(program));
  for (const one of failed) {
    process.stdout.write(`${one.package} could not be installed. Skipped without it: ${one.needed}.\n`);
  }
}

function isInstalled(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** All at once; else with fresh package lists; else one by one, so that one bad package does not take the others. */
function install(missing) {
  const names = missing.map((one) => one.package);
  withoutStartingServices(() => {
    if (aptInstalls(names)) return;
    process.stdout.write('Refreshing the package lists (apt-get update) ...\n');
    aptGet(['update']);
    if (aptInstalls(names)) return;
    for (const name of names) aptInstalls([name]);
  });
}

function aptInstalls(names) {
  try {
    aptGet(['install', '--yes', '--no-install-recommends', ...names]);
    return true;
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    return false;
  }
}

function aptGet(args) {
  run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 600_000,
  });
}

const policyFile = '/usr/sbin/policy-rc.d';

/** invoke-rc.d(8): status 101 forbids. An installed keepalived or nginx must not begin to serve on this machine. */
function withoutStartingServices(work) {
  if (existsSync(policyFile)) {
    work();
    return;
  }
  writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const remove = () => rmSync(policyFile, { force: true });
  process.once('exit', remove);
  try {
    work();
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}
