/**
 * The rules of this folder. What the parser finds is claimed by the first rule that knows it, so that the order counts:
 * special cases stand before what is general.
 */
import type { Rule } from '../../rule.ts';
import { bomOrNul } from './bom-or-nul.ts';
import { commentInValue } from './comment-in-value.ts';
import { defineAfterUse } from './define-after-use.ts';
import { definedButUnused } from './defined-but-unused.ts';
import { deprecatedKeyword } from './deprecated-keyword.ts';
import { duplicateKeyword } from './duplicate-keyword.ts';
import { extraWords } from './extra-words.ts';
import { flagWithArgument } from './flag-with-argument.ts';
import { globalDefsLate } from './global-defs-late.ts';
import { includeFailed } from './include-failed.ts';
import { includeMatchesNothing } from './include-matches-nothing.ts';
import { includeSkippedFile } from './include-skipped-file.ts';
import { ineffectiveOption } from './ineffective-option.ts';
import { integerTrailingText } from './integer-trailing-text.ts';
import { invalidSequence } from './invalid-sequence.ts';
import { invalidValue } from './invalid-value.ts';
import { keywordCase } from './keyword-case.ts';
import { lineTooLong } from './line-too-long.ts';
import { manPageOnlyKeyword } from './man-page-only-keyword.ts';
import { missingArgument } from './missing-argument.ts';
import { missingBlock } from './missing-block.ts';
import { missingFileExit0 } from './missing-file-exit-0.ts';
import { multipleKeywordsPerLine } from './multiple-keywords-per-line.ts';
import { multipleValuesPerLine } from './multiple-values-per-line.ts';
import { nestedTooDeep } from './nested-too-deep.ts';
import { notActedOn } from './not-acted-on.ts';
import { trailingBlanks } from './trailing-blanks.ts';
import { unclosedBrace } from './unclosed-brace.ts';
import { undefinedVariable } from './undefined-variable.ts';
import { unexpectedBlock } from './unexpected-block.ts';
import { unexpectedCloseBrace } from './unexpected-close-brace.ts';
import { unexpectedOpenBrace } from './unexpected-open-brace.ts';
import { unknownBlockCascade } from './unknown-block-cascade.ts';
import { unknownKeywordSuggest } from './unknown-keyword-suggest.ts';
import { unknownOption } from './unknown-option.ts';
import { unquotedScriptArgs } from './unquoted-script-args.ts';
import { unterminatedQuote } from './unterminated-quote.ts';
import { valueChanged } from './value-changed.ts';
import { varSpaceBeforeEquals } from './var-space-before-equals.ts';
import { confVersionMismatch } from './version-mismatch.ts';

export const confRules: readonly Rule[] = [
  bomOrNul,
  varSpaceBeforeEquals,
  undefinedVariable,
  ineffectiveOption,
  deprecatedKeyword,
  notActedOn,
  flagWithArgument,
  duplicateKeyword,
  multipleKeywordsPerLine,
  multipleValuesPerLine,
  manPageOnlyKeyword,
  keywordCase,
  unknownKeywordSuggest,
  unknownBlockCascade,
  integerTrailingText,
  includeMatchesNothing,
  includeSkippedFile,
  missingFileExit0,
  unquotedScriptArgs,
  commentInValue,
  defineAfterUse,
  definedButUnused,
  confVersionMismatch,
  globalDefsLate,
  trailingBlanks,
  lineTooLong,
  includeFailed,
  nestedTooDeep,
  invalidSequence,
  unterminatedQuote,
  unclosedBrace,
  unexpectedOpenBrace,
  unexpectedCloseBrace,
  missingBlock,
  unexpectedBlock,
  missingArgument,
  invalidValue,
  valueChanged,
  unknownOption,
  extraWords,
];
