/** argv -> command -> exit status. What a command needs is loaded when it is performed. */
import { runProgram } from './cli/program.ts';
import type { RunOptions } from './cli/run-options.ts';

process.exit(await runProgram(process.argv.slice(2), run));

async function run(options: RunOptions): Promise<number> {
  const command = await import('./cli/run.ts');
  return command.run(options);
}
