/** What a scenario can do to a lab, as plain data: built-in scenarios and those of a file are lists of these. */
import type { ProcessRole } from './lab/lab-daemon.ts';

export type Action =
  /** SIGTERM, and its end awaited. */
  | { readonly do: 'stop'; readonly node: string }
  | { readonly do: 'start'; readonly node: string }
  /** SIGKILL to all processes of the daemon at once. */
  | { readonly do: 'kill'; readonly node: string }
  | { readonly do: 'kill-process'; readonly node: string; readonly process: ProcessRole }
  /** SIGSTOP to all its processes, as when a virtual machine is paused; `resume` is SIGCONT. */
  | { readonly do: 'pause'; readonly node: string }
  | { readonly do: 'resume'; readonly node: string }
  /** All cables of a machine at the switch. */
  | { readonly do: 'unplug'; readonly machine: string }
  | { readonly do: 'plug'; readonly machine: string }
  /** What a machine that was switched off no longer has: virtual addresses, IPVS table. */
  | { readonly do: 'forget'; readonly node: string }
  /** What goes to this machine is lost, late, or both. */
  | {
      readonly do: 'impair';
      readonly machine: string;
      readonly what: 'vrrp' | 'announcements';
      readonly lossPercent: number;
      readonly delayMs: number;
    }
  | { readonly do: 'heal' }
  /** `killed`: the machine is gone; `refusing`: only its services are; `hung`: they answer nothing; `failing`: status 500. */
  | {
      readonly do: 'server';
      readonly server: string;
      readonly becomes: 'killed' | 'refusing' | 'hung' | 'failing' | 'well';
    }
  | {
      readonly do: 'reload';
      readonly node: string;
      readonly with: 'same' | 'server-removed' | 'broken';
    }
  | { readonly do: 'clear-table'; readonly node: string }
  /** Somebody else on the wire uses the VRID: another cluster's router, with addresses and a secret of its own. */
  | { readonly do: 'intrude'; readonly router: string; readonly priority: number }
  | { readonly do: 'expel' }
  /** The wall clock of the embedded kernel; 0 puts it right again. */
  | { readonly do: 'step-clock'; readonly ms: number }
  /** The exit status that a vrrp_script or a MISC_CHECK has from now on. */
  | { readonly do: 'script'; readonly node: string; readonly script: string; readonly status: number }
  | { readonly do: 'wait'; readonly ms: number };

/** For a person: `SIGKILL to all processes of lb01`. */
export function describeAction(action: Action): string {
  switch (action.do) {
    case 'stop':
      return `the daemon of ${action.node} is stopped`;
    case 'start':
      return `the daemon of ${action.node} is started`;
    case 'kill':
      return `SIGKILL to all processes of ${action.node}'s daemon`;
    case 'kill-process':
      return `SIGKILL to the ${action.process} process of ${action.node}`;
    case 'pause':
      return `SIGSTOP to all processes of ${action.node}'s daemon`;
    case 'resume':
      return `SIGCONT to all processes of ${action.node}'s daemon`;
    case 'unplug':
      return `${action.machine}'s cables are out`;
    case 'plug':
      return `${action.machine}'s cables are in again`;
    case 'forget':
      return `${action.node} has lost its virtual addresses and its IPVS table`;
    case 'impair':
      return describeImpairment(action);
    case 'heal':
      return 'the network is whole again';
    case 'server':
      return describeServer(action);
    case 'reload':
      return `${action.node} reloads ${reloadWords[action.with]}`;
    case 'clear-table':
      return `ipvsadm -C on ${action.node}`;
    case 'intrude':
      return `another router advertises the VRID of ${action.router} with priority ${action.priority}`;
    case 'expel':
      return 'the other router is gone';
    case 'step-clock':
      return action.ms === 0
        ? 'the clock is right again'
        : `the clock is put forward by ${action.ms / 1000} s`;
    case 'script':
      return `script ${action.script} on ${action.node} ends with status ${action.status}`;
    case 'wait':
      return `nothing for ${action.ms / 1000} s`;
  }
}

const reloadWords = {
  same: 'an unchanged configuration',
  'server-removed': 'a configuration with a real server less',
  broken: 'a configuration that does not parse',
} as const;

function describeImpairment({
  machine,
  what,
  lossPercent,
  delayMs,
}: Extract<Action, { do: 'impair' }>): string {
  const subject = what === 'vrrp' ? 'advertisements' : 'announcements of virtual addresses';
  const late = delayMs > 0 ? ` come ${delayMs} ms late` : '';
  const lost = lossPercent === 100 ? ' are lost' : lossPercent > 0 ? ` are lost to ${lossPercent} %` : '';
  return `${subject} to ${machine}${lost}${late}`;
}

function describeServer({ server, becomes }: Extract<Action, { do: 'server' }>): string {
  const words = {
    killed: 'is gone from the network',
    refusing: 'refuses connections',
    hung: 'hangs',
    failing: 'answers with status 500',
    well: 'is well again',
  } as const;
  return `${server} ${words[becomes]}`;
}

/** Machines that it is done to. */
export function targetsOf(action: Action): readonly string[] {
  if ('node' in action) return [action.node];
  if ('machine' in action) return [action.machine];
  return 'server' in action ? [action.server] : [];
}
