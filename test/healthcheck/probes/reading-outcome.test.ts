import { expect, test } from 'vitest';
import {
  followedReading,
  isFollowing,
  outcomeOfReading,
} from '../../../src/healthcheck/probes/reading-outcome.ts';
import { bfdCheck, dnsCheck, fileCheck, miscCheck, pingCheck, udpCheck } from './other-fixtures.ts';

test('a FILE_CHECK follows its track_file and a BFD_CHECK its session; the others ask', () => {
  expect(followedReading(fileCheck({ file: 'm' }))).toEqual({ kind: 'file', name: 'm' });
  expect(followedReading(bfdCheck({ name: 'b' }))).toEqual({ kind: 'bfd', name: 'b' });
  const others = [
    dnsCheck('10.0.0.7', 53),
    udpCheck('10.0.0.7', 9),
    pingCheck('10.0.0.7'),
    miscCheck(['/bin/x']),
  ];
  expect([fileCheck(), bfdCheck(), ...others].map(isFollowing)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('a BFD_CHECK is up while its session is', () => {
  const reading = { kind: 'bfd', name: 'web01' } as const;
  expect(outcomeOfReading(bfdCheck(), { ...reading, isUp: true })).toEqual({ kind: 'ok', elapsedMs: 0 });
  expect(outcomeOfReading(bfdCheck(), { ...reading, isUp: false })).toMatchObject({
    kind: 'failed',
    detail: 'The BFD session web01 is down.',
  });
  expect(outcomeOfReading(bfdCheck(), undefined)).toMatchObject({
    kind: 'inconclusive',
    detail: 'Nothing is known of the BFD session web01 yet.',
  });
});

test('a FILE_CHECK goes by the number in its file', () => {
  const reading = { kind: 'file', name: 'maintenance', value: 4 } as const;
  expect(outcomeOfReading(fileCheck(), reading)).toMatchObject({ kind: 'failed' });
  expect(outcomeOfReading(fileCheck({ weight: 2 }), reading)).toMatchObject({
    kind: 'ok',
    weight: { added: 8 },
  });
  expect(outcomeOfReading(fileCheck(), undefined)).toMatchObject({ kind: 'inconclusive' });
});
