/** The flags of `holdfast plan`. */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { defaultControlSocket } from '../daemon/control-socket/protocol.ts';

export interface PlanCommand {
  /** Absolute: the daemon reads it, wherever it was started. */
  readonly file: string;
  readonly json: boolean;
  readonly socket: string;
  readonly timeoutMs: number;
}

const help = `
FILE is read by the daemon that runs, as a reload would read it. What is compared with is what runs: the configuration
in use, the states of the instances, and the kernel's IPVS table. Nothing is changed.

Exit status:
  0  nothing would change
  1  it could not be found out; the message says why
  2  there are changes
  3  no daemon answers at the control socket
`;

interface Values {
  readonly json?: true;
  readonly controlSocket: string;
}

const timeoutMs = 60_000;

export function addPlanCommand(program: Command, action: (command: PlanCommand) => Promise<void>): void {
  program
    .command('plan')
    .description('tell what a reload with another configuration would change, without changing it')
    .argument('<file>', 'the configuration that would be loaded')
    .allowExcessArguments(false)
    .addOption(new Option('--json', 'print JSON, for programs'))
    .addOption(
      new Option('--control-socket <path>', 'the socket of the daemon').default(defaultControlSocket),
    )
    .addHelpText('after', help)
    .action((file: string, { json, controlSocket }: Values) =>
      action({ file: resolve(file), json: json === true, socket: controlSocket, timeoutMs }),
    );
}
