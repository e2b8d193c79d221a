/** What the tests of this folder need of a configuration and of a folder of scripts. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type {
  NotifyConfig,
  NotifyGlobals,
  ScriptSecurityConfig,
} from '../../../../src/config-parser/config.ts';
import { noNotifications } from '../../../../src/config-parser/config-notify.ts';
import { CommandRunner } from '../../../../src/daemon/commands/index.ts';
import type { LogRecord } from '../../../../src/daemon/ipc.ts';
import type { NotifierConfig } from '../../../../src/daemon/script-process/notify/index.ts';

export const noSecurity: ScriptSecurityConfig = {
  refusesWritable: false,
  useSymlinkPaths: false,
  setSupplementaryGroups: false,
};

export function configOf(
  instances: Readonly<Record<string, Partial<NotifyConfig>>>,
  globals: Partial<NotifyGlobals> = {},
  groups: Readonly<Record<string, Partial<NotifyConfig>>> = {},
): NotifierConfig {
  const list = (of: Readonly<Record<string, Partial<NotifyConfig>>>) =>
    Object.entries(of).map(([name, notify]) => ({ name, notify: { ...noNotifications, ...notify } }));
  return {
    globalDefs: {
      routerId: 'lb01',
      notify: { fifos: [], writesStatesOnReload: false, scripts: noSecurity, ...globals },
    },
    vrrpInstances: list(instances),
    syncGroups: list(groups),
  };
}

/** A log that keeps what is written, and a runner that writes to it. */
export function loggedRunner(): { log: (record: LogRecord) => void; said: string[]; runner: CommandRunner } {
  const said: string[] = [];
  const log = ({ level, message }: LogRecord) => void said.push(`${level}: ${message}`);
  return { log, said, runner: new CommandRunner(noSecurity, { log }) };
}

export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'holdfast-notify-'));

  join(name: string): string {
    return join(this.path, name);
  }

  /** An executable for /bin/sh; `$out` is the file that `lines` reads. */
  script(name: string, body: string): string {
    const path = this.join(name);
    writeFileSync(path, `#!/bin/sh\nout=${this.join('out')}\n${body}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  lines(name = 'out'): string[] {
    try {
      return readFileSync(this.join(name), 'utf8').split('\n').slice(0, -1);
    } catch {
      return [];
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Waits for programs outside of this process, whose pace no virtual clock sets. */
export async function until(condition: () => boolean, withinMs = 5000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${condition}`);
    await setTimeout(5);
  }
}
