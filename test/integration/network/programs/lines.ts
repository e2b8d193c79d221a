/** A program's side of the conversation with its test: lines of JSON. */
import { createInterface } from 'node:readline';

export interface Command {
  readonly kind: string;
  readonly [field: string]: unknown;
}

export function programArguments<T>(): T {
  return JSON.parse(process.argv[3] ?? '{}') as T;
}

export function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The program ends with its standard input. */
export function onCommand(perform: (command: Command) => void): void {
  const input = createInterface(process.stdin);
  input.on('line', (text) => perform(JSON.parse(text) as Command));
  input.on('close', () => process.exit(0));
}

export function failure(error: unknown): object {
  const { message, code, errno, syscall } = error as NodeJS.ErrnoException;
  return { kind: 'failed', message, code, errno, syscall };
}
