/** The embedded kernel as a way to run a command: its output and status come back, and nothing of it stays. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { embeddedKernelHere, runInEmbeddedKernel } from '../../../src/drill/kernels/embedded-kernel.ts';

async function run(
  command: readonly string[],
  timeoutMs = 40_000,
): Promise<{ status: number; output: string }> {
  let output = '';
  const status = await runInEmbeddedKernel({
    command,
    folder: '/tmp',
    environment: { GREETING: 'good  morning' },
    timeoutMs,
    onOutput: (text) => {
      output += text;
    },
  });
  return { status, output };
}

/** Kernels that this process has started and that still run. */
function kernelsOfThisRun(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes('linux.uml') && line.includes(`holdfast-drill-${process.pid}-`));
}

const here = embeddedKernelHere();
describe.skipIf(!here.able)('the embedded kernel', () => {
  test('runs the very words it is given and returns output and exit status', async () => {
    const script = 'echo "$0|$1|$GREETING"; pwd; echo to stderr >&2; exit 7';
    const { status, output } = await run(['sh', '-c', script, "it's", '$HOME "two"  words']);
    expect(output).toBe('it\'s|$HOME "two"  words|good  morning\n/tmp\nto stderr\n');
    expect(status).toBe(7);
    expect(kernelsOfThisRun()).toEqual([]);
  });

  test('has IPVS, and in every new network namespace a table of its own', async () => {
    const { status, output } = await run(['unshare', '--net', 'cat', '/proc/net/ip_vs']);
    expect(output).toContain('IP Virtual Server version');
    expect(status).toBe(0);
  });

  test('is killed with everything in it when its command takes too long', async () => {
    await expect(run(['sleep', '600'], 8000)).rejects.toThrow('took over 8 s');
    expect(kernelsOfThisRun()).toEqual([]);
  });

  test('a command that does not exist is status 127 and says so', async () => {
    const { status, output } = await run(['/no/such/program']);
    expect(status).toBe(127);
    expect(output).toContain('/no/such/program');
  });
});
