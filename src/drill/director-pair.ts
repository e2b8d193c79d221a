/** lb01 and lb02 with a daemon each, not yet started, on a network of their own that is being captured. */
import { type Capture, startCapture } from './capture.ts';
import { type DaemonKind, Director } from './director.ts';
import { buildNetwork, type Network } from './network.ts';
import { makeScratchFolder } from './scratch-folder.ts';
import type { DirectorName } from './tutorial-network.ts';

export interface PairOptions {
  readonly daemons: Readonly<Record<DirectorName, DaemonKind>>;
  /** The configuration file of each; `folder` is the pair's own, for files that have to be made. */
  readonly configFile: (name: DirectorName, folder: string) => string;
}

export interface DirectorPair {
  readonly network: Network;
  readonly capture: Capture;
  readonly lb01: Director;
  readonly lb02: Director;
  /** Its temporary folder. */
  readonly folder: string;
  /** Ends both daemons as they stand, and removes everything. */
  readonly close: () => void;
}

export async function buildDirectorPair({ daemons, configFile }: PairOptions): Promise<DirectorPair> {
  const scratch = makeScratchFolder();
  const network = await buildNetwork();
  const close = (): void => {
    network.close();
    scratch.remove();
  };
  try {
    const capture = await startCapture(network, scratch.path);
    const director = (name: DirectorName): Director =>
      new Director({
        network,
        name,
        daemon: daemons[name],
        scratch: scratch.path,
        configFile: configFile(name, scratch.path),
      });
    return { network, capture, lb01: director('lb01'), lb02: director('lb02'), folder: scratch.path, close };
  } catch (error) {
    close();
    throw error;
  }
}
