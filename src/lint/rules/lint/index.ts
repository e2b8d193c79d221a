/** The rules of this folder: about the comments that speak to the linter itself. */
import type { Rule } from '../../rule.ts';
import { suppressionWithoutReason } from './suppression-without-reason.ts';
import { unknownRule } from './unknown-rule.ts';
import { unusedSuppression } from './unused-suppression.ts';

export const lintRules: readonly Rule[] = [suppressionWithoutReason, unknownRule, unusedSuppression];
