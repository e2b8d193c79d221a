/** For people: what is said in the same words of several places of a file is said once, with the further places. */
import type { Note, Source } from '../config-parser/index.ts';
import type { Finding } from './finding.ts';
import { mainFile } from './fold.ts';

interface Group {
  readonly first: Finding;
  readonly further: Finding[];
}

/** @param maxPlaces how many places of one finding are shown, the first among them; 0 shows each finding by itself. */
export function joinEqual(
  findings: readonly Finding[],
  maxPlaces: number,
  sources: ReadonlyMap<string, Source>,
): readonly Finding[] {
  if (maxPlaces === 0) return findings;
  const groups = new Map<string, Group>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.rule, finding.level, mainFile(finding, sources), finding.message]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: finding, further: [] });
    else group.further.push(finding);
  }
  return [...groups.values()].map((group) => joined(group, maxPlaces));
}

function joined({ first, further }: Group, maxPlaces: number): Finding {
  if (further.length === 0) return first;
  const shown = further.slice(0, Math.max(1, maxPlaces - 1));
  const rest = further.length - shown.length;
  const places = shown.flatMap(({ span }): Note[] =>
    span === undefined ? [] : [{ span, message: 'also here' }],
  );
  const more: Note[] =
    rest === 0 ? [] : [{ message: `and in ${rest} more ${rest === 1 ? 'place' : 'places'}` }];
  return { ...first, notes: [...(first.notes ?? []), ...places, ...more] };
}
