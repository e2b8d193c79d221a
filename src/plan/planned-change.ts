/** What a plan is made of: what a reload would change, and what would come of it. */

/** One difference; `change` as `+`, `~` or `-` show it. */
export interface PlannedChange {
  readonly change: 'add' | 'change' | 'remove';
  /** `vrrp_instance VI_1`, `10.0.0.7:80 in 10.0.0.3:80/tcp`. */
  readonly subject: string;
  /** What differs, `weight 1 -> 5`; empty where the subject says it all. */
  readonly details: readonly string[];
  /** What will come of it that an operator may not expect: a Master that changes, a check that starts anew. */
  readonly consequences?: readonly string[];
  /** Not done by a reload, and why. */
  readonly refused?: string;
}

export interface Plan {
  /** Between the configuration that runs and the one of the files. */
  readonly configuration: readonly PlannedChange[];
  /** What would be written to the kernel's IPVS table. */
  readonly table: readonly PlannedChange[];
  /** Why nothing is said of the table. */
  readonly tableSilence?: string;
}

export function isEmptyPlan({ configuration, table }: Plan): boolean {
  return configuration.length === 0 && table.length === 0;
}
