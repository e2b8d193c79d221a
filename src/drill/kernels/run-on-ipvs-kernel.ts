/** Runs a program's work on a kernel with IPVS: here, or by running the same program again inside the embedded kernel. */
import { chooseKernel } from './choose-kernel.ts';
import { insideEmbeddedKernelVariable, runInEmbeddedKernel } from './embedded-kernel.ts';

export interface IpvsKernelOptions {
  /** What the work is called in messages: `The demo`. */
  readonly name: string;
  /** For the embedded kernel: it is stopped when the work takes longer in there. */
  readonly timeoutMs: number;
}

/** The exit status: that of `work`, or 1 with one line on standard error where no such kernel is to be had. */
export async function runOnIpvsKernel(
  { name, timeoutMs }: IpvsKernelOptions,
  work: () => Promise<number>,
): Promise<number> {
  if (process.env[insideEmbeddedKernelVariable] === '1') return work();
  const choice = await chooseKernel();
  if (choice.kernel === 'host') return work();
  if (choice.kernel === 'none') {
    process.stderr.write(`${name} needs a kernel with IPVS, and cannot have one here: ${choice.reason}.\n`);
    return 1;
  }
  process.stdout.write(`Booting an embedded kernel, since ${choice.reason} ...\n`);
  const colour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
  return runInEmbeddedKernel({
    command: [process.execPath, ...process.argv.slice(1)],
    folder: process.cwd(),
    // In there the output is never a terminal.
    environment: colour ? { FORCE_COLOR: '1' } : {},
    timeoutMs,
    onOutput: (text) => process.stdout.write(text),
  });
}
