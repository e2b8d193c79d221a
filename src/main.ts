/** argv -> command -> exit status. */
import { runProgram } from './cli/program.ts';
import { run } from './cli/run.ts';

process.exit(await runProgram(process.argv.slice(2), run));
