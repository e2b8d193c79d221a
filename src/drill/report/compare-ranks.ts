/**
 * The rank sum test of Mann and Whitney, two-sided: how likely two sets of runs differ as much as they do when they come
 * from the same. It knows nothing of how times are spread, and one outlier does not sway it. Pure.
 */

/** More are approximated by the normal distribution. */
const mostExact = 24;

/** From 0 to 1; 1 where one of the sets is empty. */
export function rankSumProbability(one: readonly number[], other: readonly number[]): number {
  if (one.length === 0 || other.length === 0) return 1;
  const ranks = doubledRanks([...one, ...other]);
  const sum = ranks.slice(0, one.length).reduce((total, rank) => total + rank, 0);
  return one.length + other.length <= mostExact
    ? exactProbability(ranks, one.length, sum)
    : normalProbability(ranks, one.length, sum);
}

/** Equal values share their mean rank; twice that is a whole number. */
function doubledRanks(values: readonly number[]): readonly number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return values.map((value) => sorted.indexOf(value) + sorted.lastIndexOf(value) + 2);
}

/** Of all ways to choose `count` of the ranks, the share whose sum is as far from the mean as `sum`, or further. */
function exactProbability(ranks: readonly number[], count: number, sum: number): number {
  const total = ranks.reduce((all, rank) => all + rank, 0);
  const ways = waysBySum(ranks, count);
  const mean = (total * count) / ranks.length;
  let [far, all] = [0, 0];
  for (const [value, number] of ways) {
    all += number;
    if (Math.abs(value - mean) >= Math.abs(sum - mean) - 1e-9) far += number;
  }
  return far / all;
}

function waysBySum(ranks: readonly number[], count: number): ReadonlyMap<number, number> {
  const chosen = Array.from({ length: count + 1 }, () => new Map<number, number>());
  chosen[0]?.set(0, 1);
  for (const rank of ranks) {
    for (let size = count; size > 0; size -= 1) {
      for (const [sum, ways] of chosen[size - 1] ?? []) {
        const target = chosen[size];
        target?.set(sum + rank, (target.get(sum + rank) ?? 0) + ways);
      }
    }
  }
  return chosen[count] ?? new Map();
}

function normalProbability(ranks: readonly number[], count: number, sum: number): number {
  const all = ranks.length;
  const mean = ranks.reduce((total, rank) => total + rank, 0) / all;
  const variance = ranks.reduce((total, rank) => total + (rank - mean) ** 2, 0) / (all - 1);
  const deviation = Math.sqrt((variance * count * (all - count)) / all);
  if (deviation === 0) return 1;
  // A whole rank is 2 here, so half of one, by which whole numbers are smoothed, is 1.
  const distance = Math.max(0, Math.abs(sum - count * mean) - 1) / deviation;
  return twoTails(distance);
}

/** Abramowitz and Stegun 26.2.17; wrong by less than 0.0000002. */
function twoTails(distance: number): number {
  const t = 1 / (1 + 0.231_641_9 * distance);
  const factors = [0.319_381_53, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
  const series = factors.reduceRight((sum, factor) => (sum + factor) * t, 0);
  return Math.min(1, 2 * (Math.exp(-(distance ** 2) / 2) / Math.sqrt(2 * Math.PI)) * series);
}
