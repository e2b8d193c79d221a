import { describe, expect, test } from 'vitest';
import type { Sighting } from '../../src/drill/frames.ts';
import { findTakeover, median } from '../../src/drill/timeline.ts';

const advert = (atMs: number, source: string, vrid = 51): Sighting => ({
  kind: 'advertisement',
  atMs,
  source,
  version: 2,
  vrid,
  priority: 100,
});
const announcement = (atMs: number): Sighting => ({
  kind: 'gratuitousArp',
  atMs,
  address: '10.0.0.3',
  hardwareAddress: '02:00:0a:00:00:06',
});

describe('findTakeover', () => {
  const question = { vrid: 51, from: '10.0.0.5', to: '10.0.0.6', sinceMs: 2500 };
  const seen = [advert(1000, '10.0.0.5'), advert(2000, '10.0.0.5'), advert(5609.5, '10.0.0.6')];

  test("measures from the old Master's last advertisement to the new one's first, and on to the announcement", () => {
    expect(findTakeover([...seen, announcement(5609.75), advert(6609.5, '10.0.0.6')], question)).toEqual({
      lastOfOldAtMs: 2000,
      firstOfNewAtMs: 5609.5,
      gapMs: 3609.5,
      announcedAfterMs: 0.25,
    });
  });

  test('does not count what the new Master said before', () => {
    const earlier = [advert(500, '10.0.0.6'), announcement(501), ...seen, announcement(5610)];
    expect(findTakeover(earlier, question)?.firstOfNewAtMs).toBe(5609.5);
  });

  test('does not count another virtual router', () => {
    expect(
      findTakeover([...seen.slice(0, 2), advert(3000, '10.0.0.6', 52), announcement(3001)], question),
    ).toBe(undefined);
  });

  test('is undefined until the new Master has advertised and announced', () => {
    expect(findTakeover(seen.slice(0, 2), question)).toBeUndefined();
    expect(findTakeover(seen, question)).toBeUndefined();
    expect(findTakeover([announcement(2600), ...seen], question)).toBeUndefined();
  });

  test('an advertisement of the old Master after the takeover is not its last one', () => {
    const back = [...seen, announcement(5610), advert(9000, '10.0.0.5')];
    expect(findTakeover(back, question)?.lastOfOldAtMs).toBe(2000);
  });
});

describe('median', () => {
  test('is the middle value, in the order of numbers and not of their text', () => {
    expect(median([10, 9, 100])).toBe(10);
  });

  test('of an even count is the mean of the two in the middle', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  test('of nothing is an error', () => {
    expect(() => median([])).toThrow('no values');
  });
});
