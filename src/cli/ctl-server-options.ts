/** The flags of those commands of `holdfast ctl` that are about virtual and real servers. */
import { type Command, Option } from 'commander';
import type { CtlAction } from './ctl-options.ts';
import {
  type CommonValues,
  common,
  exitStatusHelp,
  type NamedServer,
  parseTime,
  subcommand,
} from './ctl-subcommand.ts';

const drainHelp = `
It gets weight 0: connections that it has go on, new ones go to the others. That holds whatever its checks say, over
reloads too, until resume-server or the end of --for. With --wait the command ends when the kernel counts no connection
of it any more, and with exit status 1 when --timeout comes first; the server stays drained then.
`;

interface ServerValues extends CommonValues {
  readonly of?: string;
}

interface DrainValues extends ServerValues {
  readonly for?: number;
  readonly reason?: string;
  readonly wait?: true;
  readonly yes?: true;
}

export function addServerCommands(ctl: Command, action: CtlAction): void {
  addServers(ctl, action);
  addDrain(ctl, action);
  addResume(ctl, action);
}

function addServers(ctl: Command, action: CtlAction): void {
  subcommand(ctl, 'servers', 'tell how the virtual servers and their real servers are', 5000)
    .argument('[virtual-server]', 'only this one, with the last results of each check')
    .addHelpText('after', exitStatusHelp)
    .action((name: string | undefined, values: CommonValues) =>
      action({ kind: 'servers', ...common(values), name }),
    );
}

function addDrain(ctl: Command, action: CtlAction): void {
  const command = subcommand(ctl, 'drain-server', 'give a real server no new connections', 300_000)
    .argument('[real-server]', 'its address, or address:port; without it all of --of')
    .option('--of <virtual-server>', 'only in this one, named as "ctl servers" does')
    .addOption(
      new Option('--for <time>', 'resume by itself after this time, such as 10m').argParser(parseTime),
    )
    .option('--reason <text>', 'for the log and for the status')
    .option('--wait', 'until its connections are gone')
    .option('--yes', 'although nobody else serves')
    .addHelpText('after', drainHelp + exitStatusHelp);
  command.action((name: string | undefined, values: DrainValues) => {
    const { for: forMs, reason, wait, yes } = values;
    const server = namedServer(name, values, command);
    const wishes = { forMs, reason, wait: wait === true, yes: yes === true };
    return action({ kind: 'drainServer', ...common(values), server, ...wishes });
  });
}

function addResume(ctl: Command, action: CtlAction): void {
  const command = subcommand(ctl, 'resume-server', 'end drain-server', 10_000)
    .argument('[real-server]', 'its address, or address:port; without it all of --of')
    .option('--of <virtual-server>', 'only in this one')
    .addHelpText('after', exitStatusHelp);
  command.action((name: string | undefined, values: ServerValues) =>
    action({ kind: 'resumeServer', ...common(values), server: namedServer(name, values, command) }),
  );
}

function namedServer(name: string | undefined, { of }: ServerValues, command: Command): NamedServer {
  if (name === undefined && of === undefined) {
    command.error(`error: name the server, or say --of: holdfast ctl ${command.name()} 10.0.0.7:80`);
  }
  return {
    ...(of !== undefined && { virtualServer: of }),
    ...(name !== undefined && { realServer: name }),
  };
}
