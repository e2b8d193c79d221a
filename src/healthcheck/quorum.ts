/** keepalived.conf(5): quorum and hysteresis of a virtual server, pure. */

export interface QuorumConfig {
  readonly quorum: number;
  readonly hysteresis: number;
}

/** The live weight at which a quorum that is there is lost, or one that is not there is gained. */
export function quorumThreshold(config: QuorumConfig, hasQuorum: boolean): number {
  return config.quorum + (hasQuorum ? -config.hysteresis : config.hysteresis);
}

/**
 * Gained at quorum + hysteresis, lost below quorum - hysteresis. Nothing alive is never a quorum, also where the
 * configuration asks for 0: keepalived would lose and gain it in turn.
 */
export function quorumAfter(config: QuorumConfig, hadQuorum: boolean, weight: number): boolean {
  return weight > 0 && weight >= quorumThreshold(config, hadQuorum);
}
