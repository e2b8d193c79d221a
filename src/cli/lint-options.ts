/** The flags of `holdfast lint`. Knows no rule: the linter is loaded only when the command is performed. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Level } from '../lint/finding.ts';
import type { FormatName } from '../lint/formats/index.ts';
import type { ProfileName, RuleSetting } from '../lint/profiles.ts';

export type ColourWish = 'auto' | 'always' | 'never';

/** Which of the fixes that findings carry are made. */
export type FixWish = 'none' | 'safe' | 'all';

export interface LintOptions {
  /** `-` is standard input. */
  readonly files: readonly string[];
  readonly isPair: boolean;
  readonly usesHost: boolean;
  /** Empty, or one for each file, or one for all. */
  readonly configIds: readonly string[];
  /** -e: a missing include is an error. */
  readonly allConfig: boolean;
  readonly stdinFilename: string;
  readonly profile: ProfileName;
  readonly ruleSettings: readonly RuleSetting[];
  readonly failOn: Level;
  readonly format: FormatName;
  readonly colour: ColourWish;
  /** Similar findings that are shown one by one; 0 is all. */
  readonly maxFindings: number;
  /** Undefined is standard output. */
  readonly output: string | undefined;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly listsRules: boolean;
  readonly fixes: FixWish;
  /** Fixes are only shown, as a unified diff. */
  readonly showsDiff: boolean;
}

const help = `
Every file is looked at alone, and needs neither root nor the interfaces that it names. With --pair the files are those
of directors that stand in for each other, and are also compared. A file's lines that begin with @id are read as with
keepalived -i ID, where ID is given with -i, once for each file and in their order, or once for all; without -i it is
the file's name without .conf, or its folder's name where the file is called keepalived.conf.

Comments suppress findings, with a reason:
  priority 100   # lint-ignore vrrp/NAME -- why        this line; alone on a line: the next one
  # lint-ignore-block lvs/NAME -- why                  the block whose heading follows
  # lint-ignore-file conf/* -- why                     the file

--fix mends in the files, and in those that they include, what can be mended without changing what they mean; then
it reports what is left. The mended text of standard input goes to standard output, and the report to standard error.

Exit status:
  0   nothing at or above the level of --fail-on; with --diff: nothing to fix
  1   findings at or above it; with --diff: something to fix
  2   wrong command line, or something that cannot be read or written
`;

/** Adds `lint` to `program`; `action` gets the options once they are all understood. */
export function addLintCommand(
  program: Command,
  action: (options: LintOptions, command: Command) => Promise<void>,
): Command {
  const command = program
    .command('lint')
    .description('look for mistakes in configuration files')
    .argument('[files...]', 'keepalived.conf files; - is standard input')
    .addHelpText('after', help);
  for (const option of [...inputFlags(), ...ruleFlags(), ...fixFlags(), ...outputFlags()])
    command.addOption(option);
  return command.action((files: string[], values: Values) => action(toLintOptions(files, values), command));
}

function inputFlags(): Option[] {
  return [
    new Option('--pair', 'the files are those of directors that stand in for each other: compare them too'),
    new Option('--host', 'also look at this machine: interfaces, scripts, users, sysctls'),
    new Option('-i, --config-id <id>', 'read lines that begin with @id; repeat it for each file')
      .argParser(collect)
      .default([], 'from the name of the file'),
    new Option('-e, --all-config', 'any configuration file missing is an error'),
    new Option('--stdin-filename <file>', 'the name to show for standard input').default('<stdin>'),
  ];
}

function ruleFlags(): Option[] {
  return [
    new Option('--profile <name>', 'which rules look; compat: only what keepalived would report')
      .choices(['default', 'strict', 'compat'] satisfies ProfileName[])
      .default('default'),
    new Option('--rule <name=level>', 'off, error, warn or info for a rule or a group (vrrp/*); repeatable')
      .argParser(collectSetting)
      .default([], 'as in the profile'),
    new Option('--list-rules', 'print the rules and exit'),
    new Option('--fail-on <level>', 'the mildest level that makes the exit status 1')
      .choices(['error', 'warn', 'info'] satisfies Level[])
      .default('error'),
  ];
}

function fixFlags(): Option[] {
  return [
    new Option('--fix', 'mend in the files what can be mended safely, and report what is left'),
    new Option('--unsafe-fixes', 'as --fix, and also fixes that may change what the files mean'),
    new Option('--diff', 'change nothing, and print what --fix or --unsafe-fixes would change'),
  ];
}

function outputFlags(): Option[] {
  return [
    new Option('--format <name>', 'how findings are written')
      .choices(['text', 'concise', 'json', 'sarif', 'github'] satisfies FormatName[])
      .default('text'),
    new Option('--color <when>', 'colour; NO_COLOR and FORCE_COLOR count in auto')
      .choices(['auto', 'always', 'never'] satisfies ColourWish[])
      .default('auto'),
    new Option('--max-findings <number>', 'similar findings shown by text, concise and github; 0 shows all')
      .argParser(parseCount)
      .default(3),
    new Option('-o, --output <file>', 'write to a file instead of standard output'),
    new Option('-q, --quiet', 'only findings at or above the level of --fail-on, and no summary'),
    new Option('--verbose', 'tell on standard error what was read and which rules looked'),
  ];
}

interface Values {
  readonly pair?: true;
  readonly host?: true;
  readonly configId: readonly string[];
  readonly allConfig?: true;
  readonly stdinFilename: string;
  readonly profile: ProfileName;
  readonly rule: readonly RuleSetting[];
  readonly listRules?: true;
  readonly failOn: Level;
  readonly format: FormatName;
  readonly color: ColourWish;
  readonly maxFindings: number;
  readonly output?: string;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly fix?: true;
  readonly unsafeFixes?: true;
  readonly diff?: true;
}

function toLintOptions(files: readonly string[], values: Values): LintOptions {
  return {
    files,
    isPair: values.pair === true,
    usesHost: values.host === true,
    configIds: values.configId,
    allConfig: values.allConfig === true,
    stdinFilename: values.stdinFilename,
    profile: values.profile,
    ruleSettings: values.rule,
    failOn: values.failOn,
    format: values.format,
    colour: values.color,
    maxFindings: values.maxFindings,
    output: values.output,
    isQuiet: values.quiet === true,
    isVerbose: values.verbose === true,
    listsRules: values.listRules === true,
    fixes: fixWishOf(values),
    showsDiff: values.diff === true,
  };
}

function fixWishOf({ fix, unsafeFixes, diff }: Values): FixWish {
  if (unsafeFixes === true) return 'all';
  return fix === true || diff === true ? 'safe' : 'none';
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function collectSetting(value: string, before: readonly RuleSetting[]): readonly RuleSetting[] {
  const [pattern = '', level, ...rest] = value.split('=');
  if (rest.length > 0 || !isSettingLevel(level)) {
    throw new InvalidArgumentError('It must be NAME=off, NAME=error, NAME=warn or NAME=info.');
  }
  return [...before, { pattern, level }];
}

function isSettingLevel(text: string | undefined): text is RuleSetting['level'] {
  return text === 'off' || text === 'error' || text === 'warn' || text === 'info';
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number; 0 shows all.');
  return Number(text);
}
