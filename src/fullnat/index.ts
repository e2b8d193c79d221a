/** FULLNAT as rules of source NAT beside IPVS's NAT: what they are, and their text for nft(8) and iptables(8). Pure. */
export { compareFacts, type Drift, describeDrift } from './drift.ts';
export { iptablesFacts, iptablesRemoval, iptablesText } from './iptables-text.ts';
export { nftFacts, nftRemoval, nftTable, nftText } from './nft-text.ts';
export {
  countTargets,
  desiredRules,
  type FullNatGroup,
  type FullNatRules,
  type FullNatTarget,
  noRules,
} from './rules.ts';
