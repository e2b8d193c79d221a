/** Where a command reads and writes: the process's own streams, or a test's. */
import process from 'node:process';

export interface Streams {
  out(text: string): void;
  error(text: string): void;
  /** All of standard input. */
  readonly input: () => Promise<string>;
  /** Whether what is written to `out` is looked at as it comes. */
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Resolves once everything has been handed to whoever reads it. */
  readonly flush: () => Promise<void>;
}

/** Looks at the process only when it is asked: `holdfast run` has no need of any of these. */
export const standardStreams: Streams = {
  out: (text) => void standardOutput().write(text),
  error: (text) => void process.stderr.write(text),
  input: readStandardInput,
  get isTerminal() {
    return process.stdout.isTTY === true;
  },
  environment: process.env,
  flush: () => new Promise((resolve) => void standardOutput().write('', () => resolve())),
};

let isGuarded = false;

/** `holdfast lint ... | head -1` closes its end early, which is no mistake of anybody. */
function standardOutput(): NodeJS.WriteStream {
  if (isGuarded) return process.stdout;
  isGuarded = true;
  return process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

async function readStandardInput(): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
