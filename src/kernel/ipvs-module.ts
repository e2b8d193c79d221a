/** Gets IPVS into a kernel that has it as a module not yet loaded: runs modprobe, without a shell. */
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';

const directories = ['/sbin', '/usr/sbin', '/bin', '/usr/bin'];
const patienceMs = 10_000;

/** Undefined when modprobe succeeded, else a sentence's end: `modprobe ip_vs: FATAL: Module ip_vs not found`. */
export async function loadIpvsModule(): Promise<string | undefined> {
  const modprobe = await findModprobe();
  if (modprobe === undefined) return `there is no modprobe in ${directories.join(', ')}`;
  return new Promise((resolve) => {
    execFile(modprobe, ['ip_vs'], { timeout: patienceMs }, (error, _stdout, stderr) => {
      if (error === null) resolve(undefined);
      else resolve(`modprobe ip_vs: ${firstLine(stderr) ?? error.message}`);
    });
  });
}

async function findModprobe(): Promise<string | undefined> {
  for (const directory of directories) {
    const path = `${directory}/modprobe`;
    try {
      await access(path, constants.X_OK);
      return path;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  }
  return undefined;
}

function firstLine(text: string): string | undefined {
  const line = text.split('\n', 1)[0]?.replace(/^modprobe: /, '');
  return line === '' ? undefined : line;
}
