/** What a live drill makes of what it saw. */
import { describe, expect, test } from 'vitest';
import { readLimits } from '../../../src/drill/judge/limits.ts';
import { judgeLive, type LiveStory } from '../../../src/drill/live/judge-live.ts';
import { readTarget } from '../../../src/drill/live/probe-targets.ts';
import { type SeenAdvertisement, seenRouters } from '../../../src/drill/live/seen-routers.ts';
import type { Observation } from '../../../src/drill/observation.ts';
import { address } from '../../../src/net/address.ts';

const macs = { '10.0.0.5': '02:00:00:00:00:05', '10.0.0.6': '02:00:00:00:00:06' } as const;
type Source = keyof typeof macs;

function advert(
  atMs: number,
  source: Source,
  priority = source === '10.0.0.5' ? 150 : 100,
): SeenAdvertisement {
  return {
    ...{
      kind: 'advertisement',
      atMs,
      network: 'eth0',
      node: source,
      source,
      sourceMac: macs[source],
      priority,
    },
    ...{ version: 2, family: 4, vrid: 51, intervalMs: 1000 },
    virtualAddresses: [address('10.0.0.3')],
  };
}

const every = (fromMs: number, toMs: number, stepMs: number): readonly number[] =>
  Array.from({ length: Math.ceil((toMs - fromMs) / stepMs) }, (_, index) => fromMs + index * stepMs);

/** Requests every 100 ms; those in one of `broken` end with a timeout. */
function requests(toMs: number, ...broken: readonly (readonly [number, number])[]): readonly Observation[] {
  return every(0, toMs, 100).map((atMs) => {
    const isBroken = broken.some(([from, to]) => atMs >= from && atMs < to);
    const times = { atMs, endedAtMs: atMs + (isBroken ? 1000 : 2) };
    const about = { client: 'client', service: '10.0.0.3:80/tcp', source: '10.0.0.9' } as const;
    return { kind: 'request', ...times, ...about, outcome: isBroken ? 'timeout' : 'ok' };
  });
}

function story(
  adverts: readonly SeenAdvertisement[],
  others: readonly Observation[],
  more: Partial<LiveStory> = {},
): LiveStory {
  const target = readTarget('http://10.0.0.3/');
  return {
    observations: [...adverts, ...others].toSorted((a, b) => a.atMs - b.atMs),
    routers: seenRouters(adverts, () => 'VI_1'),
    targets: target.ok ? [target.target] : [],
    client: 'client',
    limits: [],
    paceMs: 100,
    requestTimeoutMs: 1000,
    beganAtMs: 0,
    endedAtMs: 20_000,
    ...more,
  };
}

const quiet = every(300, 20_000, 1000).map((at) => advert(at, '10.0.0.5'));
/** lb01 speaks last at 5300; lb02 takes over 3.609 s later. */
const crash = [
  ...every(300, 6000, 1000).map((at) => advert(at, '10.0.0.5')),
  ...every(8909, 20_000, 1000).map((at) => advert(at, '10.0.0.6')),
];
const announced: Observation = {
  kind: 'announcement',
  atMs: 8910,
  network: 'eth0',
  address: '10.0.0.3',
  mac: macs['10.0.0.6'],
};
const neighbours: readonly Observation[] = [
  [50, macs['10.0.0.5']] as const,
  [8912, macs['10.0.0.6']] as const,
].map(([atMs, mac]) => ({
  kind: 'neighbour',
  atMs,
  client: 'client',
  address: '10.0.0.3',
  mac,
  state: 'complete',
}));

describe('a watch', () => {
  test('in which nothing happens passes, has no takeover, and no time without a Master', () => {
    const run = judgeLive(story(quiet, requests(20_000)));
    expect(run).toMatchObject({ verdict: 'pass', takeovers: [], masterWindows: [] });
    expect(run.figures.map(({ name }) => name)).not.toContain('settling');
  });

  test('of a crash has the takeover with what the protocol leads one to expect, and the failures around it are explained', () => {
    const run = judgeLive(story(crash, [...requests(20_000, [5400, 8900]), announced, ...neighbours]));
    expect(run.findings.filter(({ holds }) => !holds)).toEqual([]);
    expect(run.takeovers).toMatchObject([
      { from: '10.0.0.5', to: '10.0.0.6', gapMs: 3609, expectedMs: 3609.375, announcedAtMs: 8910 },
    ]);
    expect(run.traffic).toMatchObject([{ failed: 35, failoverOutageMs: 3500 }]);
    expect(run.neighbours).toMatchObject([{ convergedAfterMs: 3, isStaleAtEnd: false }]);
  });

  test('in which requests fail for longer than a takeover explains fails', () => {
    const run = judgeLive(story(crash, requests(20_000, [5400, 11_000])));
    expect(run.verdict).toBe('fail');
    expect(run.findings.filter(({ holds }) => !holds).map(({ id }) => id)).toContain('outage');
  });

  test('in which requests fail without a takeover fails', () => {
    const run = judgeLive(story(quiet, requests(20_000, [5000, 5200])));
    expect(run).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('2 of 200') });
  });

  test('in which two are Master together fails', () => {
    const rival = every(5100, 9000, 1000).map((at) => advert(at, '10.0.0.6'));
    const run = judgeLive(
      story(
        [...quiet, ...rival].toSorted((a, b) => a.atMs - b.atMs),
        requests(20_000),
      ),
    );
    expect(run.findings.filter(({ holds }) => !holds).map(({ id }) => id)).toEqual(['double-master']);
  });

  test('that ends without a Master fails', () => {
    const run = judgeLive(story(crash.slice(0, 6), requests(20_000)));
    expect(run.findings.filter(({ holds }) => !holds).map(({ id }) => id)).toEqual(['one-master']);
  });

  test('that heard nobody judges requests alone, and one without probes the Masters alone', () => {
    expect(judgeLive(story([], requests(20_000))).findings.map(({ id }) => id)).toEqual(['calm-requests']);
    const ids = judgeLive(story(quiet, [], { targets: [] })).findings.map(({ id }) => id);
    expect(ids.sort()).toEqual(['double-master', 'one-master']);
  });

  test('has a limit of --slo judged', () => {
    const read = readLimits('takeover-after-last-advert<=1s');
    const limits = read.ok ? read.limits : [];
    const run = judgeLive(story(crash, requests(20_000, [5400, 8900]), { limits }));
    expect(run.findings.filter(({ holds }) => !holds).map(({ id }) => id)).toEqual([
      'slo-takeover-after-last-advert',
    ]);
  });
});

describe('a switchover', () => {
  const moved = [
    ...every(300, 5000, 1000).map((at) => advert(at, '10.0.0.5')),
    advert(5001, '10.0.0.5', 0),
    ...every(5610, 12_000, 1000).map((at) => advert(at, '10.0.0.6')),
    ...every(12_100, 20_000, 1000).map((at) => advert(at, '10.0.0.5')),
  ];
  const switchover = { askedAtMs: 5000, resumedAtMs: 12_000, returnedAtMs: 12_150 };

  test('that costs nothing passes, with a takeover in each direction', () => {
    const run = judgeLive(story(moved, requests(20_000), { switchover }));
    expect(run.findings.filter(({ holds }) => !holds)).toEqual([]);
    expect(run.takeovers).toMatchObject([
      { direction: 'failover', to: '10.0.0.6', takeoverMs: 610 },
      { direction: 'failback', to: '10.0.0.5', takeoverMs: 100 },
    ]);
  });

  test('that costs one request fails, unless a limit allows for it', () => {
    const costly = story(moved, requests(20_000, [5000, 5100]), { switchover });
    expect(
      judgeLive(costly)
        .findings.filter(({ holds }) => !holds)
        .map(({ id }) => id),
    ).toEqual(['calm-requests']);
    const read = readLimits('failed-requests<=1');
    expect(judgeLive({ ...costly, limits: read.ok ? read.limits : [] }).verdict).toBe('pass');
  });

  /** A request that begins 1 ms before `atMs` and is reset when another Master has it. */
  function cutAt(atMs: number): Observation {
    const about = { client: 'client', service: '10.0.0.3:80/tcp', source: '10.0.0.9' } as const;
    const times = { atMs: atMs - 1, endedAtMs: atMs + 2 };
    return { kind: 'request', ...times, ...about, outcome: 'reset', error: 'read ECONNRESET' };
  }

  test('that cuts a request under way passes and tells it: who takes over cannot know that connection', () => {
    const run = judgeLive(story(moved, [...requests(20_000), cutAt(12_100)], { switchover }));
    expect(run.verdict).toBe('pass');
    const calm = run.findings.find(({ id }) => id === 'calm-requests');
    expect(calm?.measured).toBe('0 of 201; 1 more was under way when the address moved, and reset');
    expect(run.figures.find(({ name }) => name === 'failed-requests')?.value).toBe(1);
  });

  test('after which a request is reset while nothing moves fails', () => {
    const run = judgeLive(story(moved, [...requests(20_000), cutAt(12_600)], { switchover }));
    expect(run.findings.find(({ id }) => id === 'calm-requests')).toMatchObject({
      holds: false,
      measured: expect.stringContaining('1 of 201 (the first'),
    });
  });

  test('after which the old Master does not come back fails with the reason', () => {
    const { returnedAtMs: _, ...away } = switchover;
    const run = judgeLive(
      story(moved, requests(20_000), { switchover: { ...away, reason: 'it is not back' } }),
    );
    expect(run).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('it is not back') });
  });
});
