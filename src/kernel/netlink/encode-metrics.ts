/** RTA_METRICS: a route's metrics to bytes. Times are in units of the kernel's own. */

import type { RouteMetrics } from '../../config-parser/schema/route.ts';
import type { Lockable, RouteTime } from '../../config-parser/schema/route-metrics.ts';
import { attributeText, attributeU32, nestedAttribute } from '../../ipvs-sync/attributes.ts';
import * as constants from './route-constants.ts';

/** No attribute, or one. */
export function encodeMetrics(metrics: RouteMetrics): readonly Uint8Array[] {
  const numbers = numericMetrics(metrics);
  const { congctl } = metrics;
  const locked = [
    ...numbers.map(({ metric, lock }) => (lock ? metric : 0)),
    congctl?.lock ? constants.RTAX_CC_ALGO : 0,
  ].reduce((bits, metric) => (metric === 0 ? bits : bits | (1 << metric)), 0);
  const parts = [
    ...(locked === 0 ? [] : [attributeU32(constants.RTAX_LOCK, locked)]),
    ...numbers.map(({ metric, value }) => attributeU32(metric, value)),
    ...(congctl === undefined ? [] : [attributeText(constants.RTAX_CC_ALGO, congctl.value)]),
  ];
  return parts.length === 0 ? [] : [nestedAttribute(constants.RTA_METRICS, ...parts)];
}

interface NumericMetric {
  readonly metric: number;
  readonly value: number;
  readonly lock: boolean;
}

function numericMetrics(metrics: RouteMetrics): readonly NumericMetric[] {
  const free = (metric: number, value: number | undefined): readonly NumericMetric[] =>
    value === undefined ? [] : [{ metric, value, lock: false }];
  const number = (metric: number, given: Lockable<number> | undefined): readonly NumericMetric[] =>
    given === undefined ? [] : [{ metric, ...given }];
  const time = (metric: number, given: Lockable<RouteTime> | undefined, perMs: number) =>
    number(metric, given && { ...given, value: kernelTime(given.value, perMs) });
  const flag = (metric: number, value: boolean | undefined) =>
    free(metric, value === undefined ? undefined : Number(value));
  return [
    ...number(constants.RTAX_MTU, metrics.mtu),
    ...number(constants.RTAX_WINDOW, metrics.window),
    // The kernel counts rtt in eighths and rttvar in quarters of a millisecond.
    ...time(constants.RTAX_RTT, metrics.rtt, 8),
    ...time(constants.RTAX_RTTVAR, metrics.rttvar, 4),
    ...number(constants.RTAX_SSTHRESH, metrics.ssthresh),
    ...number(constants.RTAX_CWND, metrics.cwnd),
    ...number(constants.RTAX_ADVMSS, metrics.advmss),
    ...number(constants.RTAX_REORDERING, metrics.reordering),
    ...number(constants.RTAX_HOPLIMIT, metrics.hoplimit),
    ...free(constants.RTAX_INITCWND, metrics.initcwnd),
    ...free(constants.RTAX_FEATURES, metrics.ecn ? constants.RTAX_FEATURE_ECN : undefined),
    ...time(constants.RTAX_RTO_MIN, metrics.rto_min, 1),
    ...free(constants.RTAX_INITRWND, metrics.initrwnd),
    ...flag(constants.RTAX_QUICKACK, metrics.quickack),
    ...flag(constants.RTAX_FASTOPEN_NO_COOKIE, metrics.fastopen_no_cookie),
  ];
}

/** A time without a unit is in the kernel's own already. */
function kernelTime({ value, unit }: RouteTime, perMs: number): number {
  if (unit === undefined) return value;
  return value * (unit === 's' ? 1000 : 1) * perMs;
}
