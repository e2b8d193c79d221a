/** The garp_* keywords, which global_defs and vrrp_instance have in common under different names. */

import type { Given } from './block-values.ts';
import type { GratuitousArpConfig } from './config.ts';
import type { ResolveContext } from './resolve-context.ts';
import type { ExtraGarp } from './schema/index.ts';

/** As GratuitousArpConfig, with what has not been given left out, since its default depends on the level below. */
export type GarpValues = Partial<GratuitousArpConfig>;

type NumberName = Exclude<keyof GratuitousArpConfig, 'extraInterfaceAll'>;

export interface GivenGarp {
  readonly masterDelay: Given<number> | undefined;
  readonly masterRepeat: Given<number> | undefined;
  readonly masterRefresh: Given<number> | undefined;
  readonly masterRefreshRepeat: Given<number> | undefined;
  readonly lowerPrioDelay: Given<number> | undefined;
  readonly lowerPrioRepeat: Given<number> | undefined;
  readonly extraInterface: Given<ExtraGarp> | undefined;
}

/** The values given, over those of the level above. */
export function resolveGarp(given: GivenGarp, above: GarpValues, context: ResolveContext): GarpValues {
  return {
    ...above,
    ...milliseconds('masterDelayMs', given.masterDelay),
    ...repeat('masterRepeat', given.masterRepeat, context),
    ...milliseconds('masterRefreshMs', given.masterRefresh),
    ...repeat('masterRefreshRepeat', given.masterRefreshRepeat, context),
    ...milliseconds('lowerPrioDelayMs', given.lowerPrioDelay),
    ...(given.lowerPrioRepeat && { lowerPrioRepeat: given.lowerPrioRepeat.value }),
    ...(given.extraInterface && {
      extraInterfaceMs: given.extraInterface.value.intervalSeconds * 1000,
      extraInterfaceAll: given.extraInterface.value.all,
    }),
  };
}

/** With keepalived's defaults; those for a lower priority are the ones for becoming Master. */
export function completeGarp(values: GarpValues): GratuitousArpConfig {
  const masterDelayMs = values.masterDelayMs ?? 5000;
  const masterRepeat = values.masterRepeat ?? 5;
  return {
    masterDelayMs,
    masterRepeat,
    masterRefreshMs: values.masterRefreshMs ?? 0,
    masterRefreshRepeat: values.masterRefreshRepeat ?? 1,
    lowerPrioDelayMs: values.lowerPrioDelayMs ?? masterDelayMs,
    lowerPrioRepeat: values.lowerPrioRepeat ?? masterRepeat,
    extraInterfaceMs: values.extraInterfaceMs ?? 0,
    extraInterfaceAll: values.extraInterfaceAll ?? false,
  };
}

function milliseconds(name: NumberName, given: Given<number> | undefined): GarpValues {
  return given === undefined ? {} : { [name]: given.value * 1000 };
}

function repeat(name: NumberName, given: Given<number> | undefined, context: ResolveContext): GarpValues {
  if (given === undefined) return {};
  if (given.value > 0) return { [name]: given.value };
  context.reporter.report({
    severity: 'error',
    code: 'invalid-value',
    message: `${given.statement.keyword.value} must be a whole number of at least 1, found "0"; 1 is used`,
    span: given.span,
  });
  return { [name]: 1 };
}
