/**
 * `holdfast realserver` in the namespace that it is started in, which stands still once it has made `stopAfter` changes, and waits
 * to be killed.
 */
import { runRealServer } from '../../../../src/cli/realserver.ts';
import type { RealServerCommand } from '../../../../src/cli/realserver-options.ts';
import { standardStreams } from '../../../../src/cli/streams.ts';
import { realServerHost } from '../../../../src/kernel/realserver-host.ts';
import { programArguments, say } from './lines.ts';

const { command, unit, stopAfter } = programArguments<{
  readonly command: RealServerCommand;
  readonly unit: string;
  readonly stopAfter: number;
}>();

let made = 0;
const host: typeof realServerHost = {
  ...realServerHost,
  make: async (change) => {
    if (made === stopAfter) {
      say({ kind: 'standing' });
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    }
    made += 1;
    return realServerHost.make(change);
  },
};
await runRealServer(command, standardStreams, { host, isRoot: true, unit });
say({ kind: 'done' });
