/** Writes and removes the unit of systemd by which a host is a real server after every start. */
import {
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { unitMark, unitText, type VirtualIp } from '../realserver/index.ts';

export const defaultUnit = '/etc/systemd/system/holdfast-realserver.service';

/** Throws where somebody else has a unit of that name. */
export function refuseForeignUnit(path: string): void {
  if (isThere(path) && !isOurs(path)) {
    throw new Error(
      `${path} was not written by holdfast; nothing has changed, and --persist needs that name`,
    );
  }
}

/** The unit, enabled. Throws where it cannot be written, or is somebody else's. */
export function writeUnit(path: string, vips: readonly VirtualIp[]): void {
  refuseForeignUnit(path);
  const program = realpathSync(process.argv[1] ?? '');
  const text = unitText({ vips, command: [process.execPath, program] });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text, { mode: 0o644 });
  renameSync(temporary, path);
  const link = wantedBy(path);
  mkdirSync(dirname(link), { recursive: true, mode: 0o755 });
  rmSync(link, { force: true });
  symlinkSync(path, link);
}

/** Whether there was one of ours. */
export function removeUnit(path: string): boolean {
  if (!isOurs(path)) return false;
  rmSync(wantedBy(path), { force: true });
  rmSync(path);
  return true;
}

export function isOurs(path: string): boolean {
  return isThere(path) && readFileSync(path, 'utf8').startsWith(unitMark);
}

/** What `systemctl enable` makes. */
function wantedBy(path: string): string {
  return join(dirname(path), 'multi-user.target.wants', basename(path));
}

function isThere(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
