/** The flags of `holdfast realserver`, which makes a host a real server for virtual addresses and takes it back. */
import { type Command, Option } from 'commander';
import type { Mode } from '../realserver/index.ts';

export interface RealServerCommand {
  readonly kind: 'up' | 'down' | 'check';
  readonly addresses: readonly string[];
  /** Undefined is what the record says, else dr. */
  readonly mode: Mode | undefined;
  readonly interface: string | undefined;
  readonly print: boolean;
  readonly persist: boolean;
  readonly json: boolean;
  readonly record: string;
}

export type RealServerAction = (command: RealServerCommand) => Promise<void>;

export const defaultRecord = '/run/holdfast/realserver.json';

const exitStatusHelp = `
Exit status:
  0  done; check: all is as it has to be
  1  it failed, and nothing has changed or the message says what has; check: something is not as it has to be
  2  wrong command line
`;

const upHelp = `
A real server of a director that forwards directly (dr) has the virtual address on lo, and is silent about it: neighbours that
ask for it must be answered by the director alone. One that gets its packets in a tunnel (tun) has it on tunl0 or ip6tnl0.

  holdfast realserver up 10.0.0.3 2001:db8::3
  holdfast realserver up --mode tun 10.0.0.3
  holdfast realserver up --print 10.0.0.3

What is so already is left as it is. What is changed is written to the record before it is changed, with what was there, so that
"down" undoes exactly that, also after an "up" that was killed. A step that fails undoes those before it.
${exitStatusHelp}`;

const downHelp = `
The addresses go first, then the settings get back the values that they had, as far as no other address needs them and nobody else
has set them since. An address that was there before "up" stays. Without addresses all of the record is undone.
${exitStatusHelp}`;

const checkHelp = `
Needs no root, and asks nobody but this host's kernel. Each thing that is not as it has to be is said with what was found, what is
needed, and the command that mends it. Of arp_ignore, arp_announce and rp_filter the larger one of the value for all interfaces
and that of the interface counts, as in the kernel. Without addresses those of the record are checked.
${exitStatusHelp}`;

export function addRealServerCommand(program: Command, action: RealServerAction): void {
  const realserver = program
    .command('realserver')
    .description('make this host a real server of a director, undo it, or test whether it is one')
    .helpCommand(false)
    .addHelpText('after', exitStatusHelp);
  withCommon(realserver.command('up'), 'have virtual addresses, and be silent about them')
    .argument('<addresses...>', 'virtual addresses, such as 10.0.0.3')
    .option('--print', 'print the commands that do the same, and change nothing')
    .option('--persist', 'also at every start of this host, by a unit of systemd')
    .addHelpText('after', upHelp)
    .action((addresses: string[], values: Values) => action(command('up', addresses, values)));
  withRecord(realserver.command('down'), 'undo what "up" has changed, and nothing else')
    .argument('[addresses...]', 'virtual addresses; all of the record unless given')
    .option('--print', 'print the commands that do the same, and change nothing')
    .option('--persist', 'also remove the unit of systemd')
    .addHelpText('after', downHelp)
    .action((addresses: string[], values: Values) => action(command('down', addresses, values)));
  withCommon(realserver.command('check'), 'test whether all is as a real server needs it')
    .argument('[addresses...]', 'virtual addresses; those of the record unless given')
    .addHelpText('after', checkHelp)
    .action((addresses: string[], values: Values) => action(command('check', addresses, values)));
}

interface Values {
  readonly mode?: Mode;
  readonly interface?: string;
  readonly print?: true;
  readonly persist?: true;
  readonly json?: true;
  readonly record: string;
}

function withRecord(command: Command, description: string): Command {
  return command
    .description(description)
    .addOption(new Option('--json', 'print JSON, for programs'))
    .addOption(new Option('--record <file>', 'the file that says what was changed').default(defaultRecord));
}

function withCommon(command: Command, description: string): Command {
  const modes = ['dr', 'tun'] satisfies Mode[];
  return withRecord(command, description)
    .addOption(
      new Option(
        '--mode <mode>',
        'how the director forwards: dr (lvs_method DR; the default) or tun',
      ).choices(modes),
    )
    .option('--interface <name>', 'the one to have the address; lo, or of the tunnels tunl0 and ip6tnl0');
}

function command(
  kind: RealServerCommand['kind'],
  addresses: readonly string[],
  values: Values,
): RealServerCommand {
  return {
    kind,
    addresses,
    mode: values.mode,
    interface: values.interface,
    print: values.print === true,
    persist: values.persist === true,
    json: values.json === true,
    record: values.record,
  };
}
