/** What a shell needs to know of the commands, read from their own definitions so that nothing is written twice. */
import type { Command } from 'commander';

export interface OptionFacts {
  /** `-f`, `--use-file`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** Every value that it takes, where they can be listed. */
  readonly choices: readonly string[];
}

export interface CommandFacts {
  /** `lint`, `config dump`. */
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionFacts[];
  /** Names of commands one level down. */
  readonly subcommands: readonly string[];
  /** What its argument can be, where that can be listed. */
  readonly argumentChoices: readonly string[];
  /** It has arguments that are names of files. */
  readonly takesFiles: boolean;
}

export function commandFacts(program: Command): readonly CommandFacts[] {
  return program.commands.flatMap((command) => factsOf(command, ''));
}

function factsOf(command: Command, parent: string): readonly CommandFacts[] {
  const name = `${parent}${command.name()}`;
  const facts: CommandFacts = {
    name,
    description: command.description(),
    options: command.options
      .filter(({ hidden }) => !hidden)
      .map((option) => ({
        flags: [option.short, option.long].filter((flag) => flag !== undefined && flag !== null),
        description: option.description,
        takesValue: option.required || option.optional,
        choices: option.argChoices ?? [],
      })),
    subcommands: command.commands.map((inner) => inner.name()),
    argumentChoices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    takesFiles: command.registeredArguments.some((argument) => /^files?$/.test(argument.name())),
  };
  return [facts, ...command.commands.flatMap((inner) => factsOf(inner, `${name} `))];
}
