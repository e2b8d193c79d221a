/** The daemon's processes as the system sees them, whatever they do. */

/** keepalived.conf(5): global_defs, as far as it concerns the processes themselves. */
export interface ProcessesConfig {
  /** keepalived.conf(5): process_name, of the parent. Undefined means our own. */
  readonly mainName?: string;
  readonly vrrp: ProcessTuning;
  readonly checker: ProcessTuning;
  readonly bfd: ProcessTuning;
}

/** Those that have keywords of their own, which begin with these words. */
export type TunedProcess = 'vrrp' | 'checker' | 'bfd';

/**
 * keepalived.conf(5), of the vrrp process: vrrp_process_name, vrrp_priority, vrrp_no_swap, vrrp_rt_priority, vrrp_cpu_affinity,
 * vrrp_rlimit_rttime.
 */
export interface ProcessTuning {
  /** At most 15 bytes. Undefined means our own. */
  readonly name?: string;
  /** -20 to 19. */
  readonly nice?: number;
  readonly lockMemory: boolean;
  /** 1 to 99, SCHED_RR. */
  readonly realtimePriority?: number;
  readonly realtimeLimitUs?: number;
  readonly cpus?: readonly number[];
}
