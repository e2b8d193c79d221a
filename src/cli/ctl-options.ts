/** The flags of `holdfast ctl`, by which an operator asks a running daemon. */
import { type Command, Option } from 'commander';
import { addServerCommands } from './ctl-server-options.ts';
import {
  type Common,
  type CommonValues,
  common,
  exitStatusHelp,
  type NamedServer,
  parseTime,
  subcommand,
} from './ctl-subcommand.ts';

export type CtlCommand = Common &
  (
    | { readonly kind: 'status'; readonly instance: string | undefined; readonly watch: boolean }
    | {
        readonly kind: 'giveUp';
        readonly hold: 'failover' | 'drain';
        /** None means all. */
        readonly instances: readonly string[];
        readonly forMs: number | undefined;
        readonly reason: string | undefined;
        /** Although perhaps nobody takes the addresses. */
        readonly yes: boolean;
      }
    | { readonly kind: 'resume'; readonly instances: readonly string[] }
    | { readonly kind: 'servers'; readonly name: string | undefined }
    | {
        readonly kind: 'drainServer';
        readonly server: NamedServer;
        readonly forMs: number | undefined;
        readonly reason: string | undefined;
        /** Until its connections are gone. */
        readonly wait: boolean;
        /** Although nobody else serves. */
        readonly yes: boolean;
      }
    | { readonly kind: 'resumeServer'; readonly server: NamedServer }
    | { readonly kind: 'reload' }
  );

export type CtlAction = (command: CtlCommand) => Promise<void>;

const switchHelp = `
The addresses are served until the successor is heard, and the command ends then. If nobody takes them they are taken
back. Backups are silent: before addresses are given up that perhaps nobody takes, it is said when a peer was last heard,
and asked for a confirmation. Without a terminal to ask at, --yes is needed.
${exitStatusHelp}`;

export function addCtlCommand(program: Command, action: CtlAction): void {
  const ctl = program
    .command('ctl')
    .description('ask a running daemon, or tell it what to do')
    .helpCommand(false)
    .addHelpText('after', exitStatusHelp);
  addStatus(ctl, action);
  addGiveUp(ctl, action, 'failover', 'give addresses to the other router; this one stays in reserve');
  addGiveUp(ctl, action, 'drain', 'give addresses away, and take part in no election until resume');
  addResume(ctl, action);
  addServerCommands(ctl, action);
  addReload(ctl, action);
}

function addStatus(ctl: Command, action: CtlAction): void {
  subcommand(ctl, 'status', 'tell how the daemon and its instances are', 5000)
    .argument('[instance]', 'only this one')
    .option('--watch', 'again every second until Ctrl-C')
    .addHelpText('after', exitStatusHelp)
    .action((instance: string | undefined, values: CommonValues & { readonly watch?: true }) =>
      action({ kind: 'status', ...common(values), instance, watch: values.watch === true }),
    );
}

interface GiveUpValues extends CommonValues {
  readonly all?: true;
  readonly for?: number;
  readonly reason?: string;
  readonly yes?: true;
}

function addGiveUp(ctl: Command, action: CtlAction, hold: 'failover' | 'drain', description: string): void {
  const command = subcommand(ctl, hold, description, 300_000)
    .argument('[instances...]', 'which ones')
    .option('--all', 'all instances')
    .addOption(
      new Option('--for <time>', 'resume by itself after this time, such as 10m').argParser(parseTime),
    )
    .option('--reason <text>', 'for the log and for the status')
    .option('--yes', 'although perhaps nobody takes the addresses')
    .addHelpText('after', switchHelp);
  command.action((names: string[], values: GiveUpValues) => {
    const { for: forMs, reason, yes } = values;
    const instances = chosenInstances(names, values.all === true, command);
    const wishes = { instances, forMs, reason, yes: yes === true };
    return action({ kind: 'giveUp', hold, ...common(values), ...wishes });
  });
}

function chosenInstances(names: readonly string[], all: boolean, command: Command): readonly string[] {
  if (all && names.length > 0) command.error('error: --all and names of instances exclude each other');
  if (!all && names.length === 0) {
    command.error(`error: name the instances, or say --all: holdfast ctl ${command.name()} VI_1`);
  }
  return names;
}

function addResume(ctl: Command, action: CtlAction): void {
  subcommand(ctl, 'resume', 'end failover and drain', 10_000)
    .argument('[instances...]', 'which ones; all unless given')
    .addHelpText('after', exitStatusHelp)
    .action((instances: string[], values: CommonValues) =>
      action({ kind: 'resume', ...common(values), instances }),
    );
}

function addReload(ctl: Command, action: CtlAction): void {
  subcommand(ctl, 'reload', 'read the configuration again, and wait until it is applied', 60_000)
    .addHelpText('after', exitStatusHelp)
    .action((values: CommonValues) => action({ kind: 'reload', ...common(values) }));
}
