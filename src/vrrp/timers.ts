/**
 * Skew_Time and Master_Down_Interval. Multiply first, divide last, keep the fraction: at an interval of 10 ms one step of
 * priority is 0.039 ms, and a skew cut to whole seconds makes all Backups time out together.
 */

export interface TimerParameters {
  readonly version: 2 | 3;
  /** The effective priority, 1 to 255. */
  readonly priority: number;
  /** The interval of the Master we listen to; our own until one is heard. Version 2 has only our own. */
  readonly masterAdverIntervalMs: number;
}

/**
 * RFC 3768 section 6.1: (256 - Priority) / 256 seconds, whatever the interval.
 * RFC 5798 section 6.1: ((256 - Priority) * Master_Adver_Interval) / 256.
 */
export function skewTimeMs({ version, priority, masterAdverIntervalMs }: TimerParameters): number {
  return ((256 - priority) * (version === 2 ? 1000 : masterAdverIntervalMs)) / 256;
}

/** RFC 3768 and RFC 5798 section 6.1, the 3 being keepalived.conf(5): down_timer_adverts. */
export function masterDownIntervalMs(
  parameters: TimerParameters & { readonly downTimerAdverts: number },
): number {
  return parameters.downTimerAdverts * parameters.masterAdverIntervalMs + skewTimeMs(parameters);
}

type Interval = Pick<TimerParameters, 'version'> & { readonly advertisementIntervalMs: number };

/** For the way of an advertisement through the network and through a router that has other things to do. */
const transitMs = 50;

/** How long after priority 0 a successor can still come: Skew_Time of the lowest priority, and a little. */
export function handOverMs({ version, advertisementIntervalMs }: Interval): number {
  return skewTimeMs({ version, priority: 1, masterAdverIntervalMs: advertisementIntervalMs }) + transitMs;
}

/** The same if priority 0 was lost: Master_Down_Interval of the lowest priority, and a little. */
export function latestTakeoverMs(config: Interval & { readonly downTimerAdverts: number }): number {
  return config.downTimerAdverts * config.advertisementIntervalMs + handOverMs(config);
}

/**
 * How long addresses stay after another router has said that it is Master: it sends its advertisement first, then adds its
 * addresses, then announces them. Until then nobody but us answers.
 */
export const lingerMs = 20;
