/**
 * A whole Linux kernel with IPVS that runs as a process: Debian's user-mode-linux, booted on this machine's own files
 * (hostfs), which runs one command and ends. What the command does is the caller's business.
 */

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { atExit } from '../cleanup.ts';
import { makeScratchFolder } from '../scratch-folder.ts';
import { CommandOutput } from './command-output.ts';
import { embeddedModulesSource, prepareModules } from './embedded-modules.ts';
import type { KernelAnswer } from './host-kernel.ts';

/** Set to 1 for every command that runs inside the embedded kernel. */
export const insideEmbeddedKernelVariable = 'HOLDFAST_EMBEDDED_KERNEL';

const kernelProgram = '/usr/bin/linux.uml';

export interface EmbeddedCommand {
  readonly command: readonly string[];
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The kernel is killed when it takes longer. */
  readonly timeoutMs: number;
  /** 1024 unless told. */
  readonly memoryMegabytes?: number;
  /** Everything that the command writes to its standard output and error, as it comes. */
  readonly onOutput: (text: string) => void;
}

/** Whether the embedded kernel can run here, and why not. */
export function embeddedKernelHere(): KernelAnswer {
  if (process.getuid?.() !== 0) return { able: false, reason: 'the embedded kernel needs root' };
  for (const [file, name] of [
    [kernelProgram, 'user-mode-linux'],
    [embeddedModulesSource, 'user-mode-linux'],
  ] as const) {
    if (!existsSync(file))
      return { able: false, reason: `Debian's package ${name} is not installed (${file})` };
  }
  return { able: true };
}

/**
 * Boots the kernel, runs the command as a child of its init, and returns the command's exit status. Throws when the
 * kernel ends without having run it, or when the time is up. Nothing stays behind on any way out.
 */
export async function runInEmbeddedKernel(options: EmbeddedCommand): Promise<number> {
  const modules = await prepareModules();
  const { path: job, remove: removeJob } = makeScratchFolder();
  try {
    writeFileSync(join(job, 'init'), initScript, { mode: 0o700 });
    mkdirSync(join(job, 'tmp'));
    writeFileSync(join(job, 'command'), commandWords(options, join(job, 'tmp')).join('\0'));
    return await boot(options, job, modules);
  } finally {
    removeJob();
  }
}

/**
 * Runs as process 1. The folders come as kernel parameters, which the kernel hands to init as its environment; the
 * command's words come from a file, so that no shell ever reads them. /dev/tty1 carries the command's output and
 * nothing of the kernel's, then the command's exit status between two NUL bytes; the command itself writes to a pipe, as
 * it may to ours. Then it waits to be killed.
 */
const initScript = `#!/bin/sh
exec >/dev/tty1 2>&1
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmpfs /run
mkdir -p /dev/pts /run/netns /run/lock
mount -t devpts devpts /dev/pts
ip link set lo up
ulimit -n 65536
modprobe -q -d "$HOLDFAST_MODULES" -a \\
  ip_vs ip_vs_rr ip_vs_wrr ip_vs_lc ip_vs_wlc ip_vs_lblc ip_vs_lblcr ip_vs_sh ip_vs_dh ip_vs_sed ip_vs_nq \\
  ip_vs_mh ip_vs_fo ip_vs_ovf veth bridge dummy macvlan ipv6 ipip ip_gre nf_conntrack xt_ipvs \\
  8021q sch_prio sch_netem cls_u32 fou ip6_tunnel ip6_gre 2>/dev/null
xargs -0 -a "$HOLDFAST_JOB/command" sh -c '"$@"; status=$?; sync; printf "\\000%s\\000" $status' command 2>&1 | cat
while :; do sleep 3600; done
`;

/** Temporary files of the command go into `temporary`: process ids in there mean nothing out here, nor the other way. */
function commandWords(options: EmbeddedCommand, temporary: string): readonly string[] {
  const environment = {
    PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: process.env['HOME'] ?? '/root',
    ...options.environment,
    TMPDIR: temporary,
    [insideEmbeddedKernelVariable]: '1',
  };
  const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return ['env', '-i', `--chdir=${options.folder}`, ...assignments, ...options.command];
}

/**
 * The way to start the kernel. Its processes run under ptrace: were the tracer alone to die, they would go on as
 * ordinary processes of this host, as root. So it is process 1 of a process namespace, which dies with it; it has no
 * network of this host's; and it is killed when we are.
 */
const launcher = [
  '--pdeathsig',
  'KILL',
  'unshare',
  '--pid',
  '--net',
  '--fork',
  '--kill-child=KILL',
  kernelProgram,
];

function startKernel(options: EmbeddedCommand, job: string, modules: string): ChildProcess {
  const parameters = [
    `mem=${options.memoryMegabytes ?? 1024}M`,
    'rootfstype=hostfs',
    'rootflags=/',
    'rw',
    'quiet',
    'con=null',
    'con0=null',
    'con1=null,fd:3',
    // Its control socket; in ~/.uml, where it would be else, a killed kernel's would stay.
    `uml_dir=${job}/`,
    `init=${job}/init`,
    `HOLDFAST_JOB=${job}`,
    `HOLDFAST_MODULES=${modules}`,
  ];
  // A group of its own, so that all of it is killed together, and Ctrl-C does not reach it before us.
  return spawn('setpriv', [...launcher, ...parameters], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
}

/** Resolves with the command's exit status, once the kernel is gone. */
function boot(options: EmbeddedCommand, job: string, modules: string): Promise<number> {
  const kernel = startKernel(options, job, modules);
  const stop = atExit(() => killGroup(kernel));
  const output = new CommandOutput(options.onOutput);
  let kernelSaid = '';
  let tookTooLong = false;
  for (const stream of [kernel.stdout, kernel.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      kernelSaid = (kernelSaid + text).slice(-4000);
    });
  }
  const limit = setTimeout(() => {
    tookTooLong = true;
    stop();
  }, options.timeoutMs);
  const terminal = kernel.stdio[3] as Readable;
  terminal.setEncoding('utf8').on('data', (text: string) => {
    if (output.take(text) !== undefined) stop();
  });
  return new Promise((resolve, reject) => {
    kernel.once('error', reject);
    kernel.once('exit', stop);
    kernel.once('close', () => {
      clearTimeout(limit);
      if (output.status !== undefined) resolve(output.status);
      else if (tookTooLong) {
        reject(
          new Error(`the embedded kernel was stopped: its command took over ${options.timeoutMs / 1000} s`),
        );
      } else {
        const said = kernelSaid.trim() || 'nothing';
        reject(new Error(`the embedded kernel ended before its command did; it said: ${said}`));
      }
    });
  });
}

function killGroup(kernel: ChildProcess): void {
  if (kernel.pid === undefined) return;
  try {
    process.kill(-kernel.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: all of it has ended already.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
