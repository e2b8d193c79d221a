/** keepalived.conf(5): a line of track_interface, track_script, track_file, track_process or track_bfd. */
import type { Word } from '../words.ts';
import { type Argument, integer, interfaceName, name, type Problem } from './arguments.ts';
import {
  type EntryOption,
  invalidValue,
  type OptionTable,
  readOptions,
  unknownOption,
} from './entry-options.ts';

export interface TrackEntry {
  /** Of the interface, or of the block that defines what is tracked. */
  readonly name: string;
  /** Added to the priority; undefined where the definition's holds, which for an interface is 0. */
  readonly weight?: number;
  /** The weight counts the other way round; undefined where the definition's holds. */
  readonly reverse?: boolean;
}

interface Draft {
  readonly name: string;
  weight?: number;
  reverse?: boolean;
}

interface TrackKind {
  readonly subject: Argument<string>;
  readonly keyword: string;
  /** 254 is cut to it. */
  readonly greatestWeight: 253 | 254;
  readonly mayUndoReverse?: true;
}

export const trackInterfaceEntry: Argument<TrackEntry> = entryOf({
  subject: interfaceName,
  keyword: 'track_interface',
  greatestWeight: 253,
});

export const trackScriptEntry: Argument<TrackEntry> = entryOf({
  subject: name,
  keyword: 'track_script',
  greatestWeight: 253,
  mayUndoReverse: true,
});

export const trackFileEntry: Argument<TrackEntry> = entryOf({
  subject: name,
  keyword: 'track_file',
  greatestWeight: 254,
});

export const trackProcessEntry: Argument<TrackEntry> = entryOf({
  subject: name,
  keyword: 'track_process',
  greatestWeight: 254,
});

export const trackBfdEntry: Argument<TrackEntry> = entryOf({
  subject: name,
  keyword: 'track_bfd',
  greatestWeight: 253,
});

function entryOf(kind: TrackKind): Argument<TrackEntry> {
  const { subject, keyword, greatestWeight, mayUndoReverse } = kind;
  const options = optionsOf(kind);
  return {
    expects: `${subject.expects}, and "weight" with a number if it has one`,
    syntax: `${subject.syntax} [weight <-${greatestWeight}-${greatestWeight}> [reverse${mayUndoReverse === true ? '|noreverse' : ''}]]`,
    samples: {
      good: [
        'word1',
        'word1 weight -20',
        `word1 weight ${greatestWeight} reverse`,
        ...(mayUndoReverse === true ? ['word1 weight 5 noreverse'] : []),
      ],
      bad: [
        '',
        'word1 weight',
        'word1 weight x',
        `word1 weight ${greatestWeight + 1}`,
        'word1 reverse',
        'word1 weight 5 backwards',
        'word1 word2',
      ],
    },
    parse: (words) => {
      const read = subject.parse(words);
      if (!read.ok) return read;
      const unknown = (word: Word) => reportUnknown(keyword, read.value, word);
      return readOptions<Draft>(words, read.used, options, { name: read.value }, unknown);
    },
  };
}

function optionsOf({ greatestWeight, mayUndoReverse, keyword }: TrackKind): OptionTable<Draft> {
  return new Map<string, EntryOption<Draft>>([
    [
      'weight',
      {
        takesValue: true,
        read: (draft, option, value) => readWeight(draft, { option, value, greatestWeight, keyword }),
      },
    ],
    ['reverse', turnOption(true)],
    ...(mayUndoReverse === true ? [['noreverse', turnOption(false)] as const] : []),
  ]);
}

function turnOption(reverse: boolean): EntryOption<Draft> {
  return {
    read: (draft, option) => {
      if (draft.weight === undefined) {
        const help = 'write "weight" and a number before it';
        return unknownOption(
          option,
          `"${option.value}" without a weight has no meaning; it is ignored`,
          help,
        );
      }
      draft.reverse = reverse;
      return undefined;
    },
  };
}

interface GivenWeight {
  readonly option: Word;
  readonly value: Word | undefined;
  readonly greatestWeight: 253 | 254;
  readonly keyword: string;
}

/** keepalived reads 254 everywhere, and where a difference of 254 has no meaning makes 253 of it. */
function readWeight(
  draft: Draft,
  { option, value, greatestWeight, keyword }: GivenWeight,
): Problem | undefined {
  const number = integer(-254, 254).parse(value === undefined ? [] : [value]);
  const found = `"${value?.value ?? ''}"`;
  const expects = `the weight of ${draft.name} must be a whole number from -${greatestWeight} to ${greatestWeight}`;
  if (!number.ok) {
    const instead = keyword === 'track_interface' ? '0' : 'that of its definition';
    return invalidValue(value ?? option, `${expects}, found ${found}; ${instead} is used`);
  }
  draft.weight = Math.min(Math.max(number.value, -greatestWeight), greatestWeight);
  if (draft.weight === number.value) return undefined;
  return invalidValue(value ?? option, `${expects}, found ${found}; ${draft.weight} is used`);
}

function reportUnknown(keyword: string, subject: string, word: Word): Problem {
  const message = `unknown option "${word.value}" of ${keyword} ${subject}; it is ignored`;
  return unknownOption(word, message, 'a line names one thing to track, and its weight');
}
