/** Where strict mode comes from. */
import type { Note } from '../../../../config-parser/index.ts';
import type { FileModel, InstanceModel } from '../../../model/index.ts';

/** `strict_mode` of the instance, or `vrrp_strict` of global_defs. */
export function strictKeyword({ values }: InstanceModel): 'strict_mode' | 'vrrp_strict' {
  return values.has('strict_mode') ? 'strict_mode' : 'vrrp_strict';
}

/** A note at the line that switches it on. */
export function strictNotes(instance: InstanceModel, { globals }: FileModel): readonly Note[] {
  const keyword = strictKeyword(instance);
  const span =
    keyword === 'strict_mode' ? instance.values.spanOf('strict_mode') : globals.spanOf('vrrp_strict');
  return span === undefined ? [] : [{ span, message: 'strict mode is switched on here' }];
}

/** The instances in strict mode. */
export function strictInstances({ instances }: FileModel): readonly InstanceModel[] {
  return instances.filter(({ isStrict }) => isStrict);
}
