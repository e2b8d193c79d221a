/** Configurations of a director in the network of lvs-network.ts, as an operator would write them. */
import { type Family, type Mode, serverAddress, servers, virtualAddress } from './lvs-network.ts';

/** The schedulers that the tutorial names. */
export const schedulers = ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'sh', 'dh', 'sed', 'nq'] as const;
export type Scheduler = (typeof schedulers)[number];

export interface Wanted {
  readonly mode: Mode;
  readonly family: Family;
  readonly scheduler: Scheduler;
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
  readonly weights?: readonly [number, number];
  readonly persistenceSeconds?: number;
  readonly more?: string;
  readonly delayLoopSeconds?: number;
}

/** Closed connections are forgotten within seconds, not the kernel's minutes. */
export const shortTimeouts = ['global_defs {', '  lvs_timeouts tcp 10 tcpfin 2 udp 5', '}'].join('\n');

export const firstPort = 8001;

export function portOf(scheduler: Scheduler): number {
  return firstPort + schedulers.indexOf(scheduler);
}

export function virtualServerText(wanted: Wanted): string {
  const {
    delayLoopSeconds = 30,
    mode,
    family,
    scheduler,
    port,
    protocol = 'TCP',
    weights = [1, 1],
    persistenceSeconds,
    more,
  } = wanted;
  const real = servers.map((name, index) =>
    [
      `  real_server ${serverAddress[name][family]} ${port} {`,
      `    weight ${weights[index]}`,
      // The address by which the server is asked directly is its own in every mode.
      ...(protocol === 'TCP' ? ['    TCP_CHECK {', '      connect_timeout 3', '    }'] : []),
      '  }',
    ].join('\n'),
  );
  return [
    `virtual_server ${virtualAddress(mode, family)} ${port} {`,
    // Seldom: the kernel under test has one slow processor, which the traffic needs.
    `  delay_loop ${delayLoopSeconds}`,
    '  retry 1',
    '  delay_before_retry 1',
    `  lb_algo ${scheduler}`,
    `  lb_kind ${mode}`,
    `  protocol ${protocol}`,
    ...(persistenceSeconds === undefined ? [] : [`  persistence_timeout ${persistenceSeconds}`]),
    ...(more === undefined ? [] : [`  ${more}`]),
    ...real,
    '}',
  ].join('\n');
}
