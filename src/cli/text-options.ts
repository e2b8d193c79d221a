/** The flags of the commands that read and write texts: `fmt`, `explain`, `config dump`, `completion`. */
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import type { Shell } from './completion/scripts.ts';
import type { DumpOptions } from './config-dump.ts';
import type { ElectionCommand } from './explain-election.ts';
import type { FmtOptions } from './fmt.ts';

/** What a command does with its options; resolves with the exit status. */
export interface TextActions {
  readonly fmt: (options: FmtOptions) => Promise<void>;
  readonly explain: (names: readonly string[]) => Promise<void>;
  readonly explainElection: (command: ElectionCommand) => Promise<void>;
  readonly configDump: (options: DumpOptions) => Promise<void>;
  readonly completion: (shell: Shell) => Promise<void>;
}

export function addTextCommands(program: Command, actions: TextActions): void {
  addFmt(program, actions.fmt);
  const explain = program
    .command('explain')
    .enablePositionalOptions()
    .helpCommand(false)
    .description('tell what keywords and rules are about')
    .argument('[names...]', 'such as advert_int, vrrp/vrid-sparse or vrrp/*')
    .option('--list', 'print every name that can be explained, as without a name')
    .action((names: string[], { list }: { readonly list?: true }) => actions.explain(list ? [] : names));
  addElection(explain, actions.explainElection);
  addConfigDump(program, actions.configDump);
  const shell = new Argument('<shell>', 'the shell that it is for').choices([
    'bash',
    'zsh',
    'fish',
  ] satisfies Shell[]);
  program
    .command('completion')
    .description('print the script by which a shell completes what is typed')
    .addArgument(shell)
    .action((name: Shell) => actions.completion(name));
}

const electionHelp = `
For each virtual router: who is Master in each combination of what can be down, nodes, interfaces, scripts and everything else
that is tracked, with the arithmetic of the priorities; and who is Master when all of it is mended, which with nopreempt is
another question. Nothing is run: the code of the daemon that elects answers on a clock of its own.

Exit status:
  0  with nothing or any one thing down there is exactly one Master
  1  there is not, in some row
  2  wrong command line, or a file that cannot be read
`;

interface ElectionValues {
  readonly json?: true;
  readonly atOnce?: number;
}

function addElection(explain: Command, action: TextActions['explainElection']): void {
  explain
    .command('election')
    .description('tell who is Master in each combination of what can be down, without running anything')
    .argument('<files...>', 'the configuration of each node, such as lb01.conf lb02.conf')
    .addOption(new Option('--json', 'print JSON, for programs'))
    .addOption(
      new Option('--at-once <number>', 'how many things are down at a time, at most').argParser(parseAtOnce),
    )
    .addHelpText('after', electionHelp)
    .action((files: string[], { json, atOnce }: ElectionValues) =>
      action({ files, json: json === true, atOnce }),
    );
}

const mostAtOnce = 10;

function parseAtOnce(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= mostAtOnce) return number;
  throw new InvalidArgumentError(`It must be a number from 1 to ${mostAtOnce}.`);
}

interface FmtValues {
  readonly check?: true;
  readonly diff?: true;
  readonly force?: true;
  readonly stdinFilename: string;
}

function addFmt(program: Command, action: TextActions['fmt']): void {
  program
    .command('fmt')
    .description('bring configuration files into one layout')
    .argument('<files...>', 'keepalived.conf files; - is standard input')
    .option('--check', 'change nothing, and exit 1 where something would change')
    .option('--diff', 'change nothing, and print what would change')
    .option('--force', 'also files whose braces or quotes do not fit')
    .option('--stdin-filename <file>', 'the name to show for standard input', '<stdin>')
    .action((files: string[], { check, diff, force, stdinFilename }: FmtValues) =>
      action({
        files,
        check: check === true,
        diff: diff === true,
        force: force === true,
        stdinFilename,
      }),
    );
}

interface DumpValues {
  readonly configId?: string;
  readonly format: DumpOptions['format'];
}

function addConfigDump(program: Command, action: TextActions['configDump']): void {
  const format = new Option('--format <name>', 'how it is written').choices(['conf', 'json']).default('conf');
  program
    .command('config')
    .description('look at what a configuration comes to')
    .helpCommand(false)
    .command('dump')
    .description('print it after includes, variables and defaults')
    .argument('<file>', 'a keepalived.conf file; - is standard input')
    .option('-i, --config-id <id>', "read lines that begin with @id; the host's name unless given")
    .addOption(format)
    .action((file: string, values: DumpValues) =>
      action({ file, configId: values.configId, format: values.format }),
    );
}
